import Glibc

/// What a program of the path makes of the bytes; nil where it is missing or fails. Its standard error goes nowhere.
func filtered(_ bytes: [UInt8], through arguments: [String]) -> [UInt8]? {
    // Files rather than pipes: a program may write before it has read everything.
    guard let (input, output) = (tmpfile().flatMap { input in tmpfile().map { (input, $0) } }) else { return nil }
    defer {
        fclose(input)
        fclose(output)
    }
    guard writeAll(bytes, to: fileno(input)), lseek(fileno(input), 0, SEEK_SET) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, fileno(input), 0)
    posix_spawn_file_actions_adddup2(&actions, fileno(output), 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let texts = arguments.map { strdup($0) }
    defer { for text in texts { free(text) } }
    var (process, status) = (pid_t(), CInt(0))
    guard posix_spawnp(&process, arguments[0], &actions, nil, texts + [nil], environ) == 0 else { return nil }
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return nil } }
    guard status == 0, lseek(fileno(output), 0, SEEK_SET) == 0 else { return nil }
    return contents(of: fileno(output))
}
