import Testing

@testable import SensorLogs

@Suite struct ClassMatcherTests {
    private let classes = ["walking", "Stairs Up", "sit-down", "ab", "a_b"]

    @Test func spellingsOfAClass() throws {
        let matcher = try ClassMatcher(classes: classes, map: [])
        for (label, name) in [
            ("walking", "walking"), ("WALKING", "walking"), ("stairs_up", "Stairs Up"), ("StairsUp", "Stairs Up"),
            ("sit down", "sit-down"), ("walk", "walk"), ("", ""), ("-", "-"),
            // Two classes are spelled alike.
            ("ab", "ab"), ("a_b", "a_b"), ("A B", "A B"),
        ] { #expect(matcher.name(label) == name) }
    }

    @Test func labelsAreMapped() throws {
        let matcher = try ClassMatcher(
            classes: classes,
            map: [("Gehen", "WALKING"), ("stand", "sit-down"), ("1", "ab"), ("x y", "a_b"), ("x_y", "ab")])
        for (label, name) in [
            ("Gehen", "walking"), ("gehen", "walking"), ("STAND", "sit-down"), ("1", "ab"), ("x y", "a_b"),
            ("x_y", "ab"),
            ("xy", "xy"), ("walking", "walking"),
        ] { #expect(matcher.name(label) == name) }
        #expect(matcher.isMapped("1") && !matcher.isMapped("2"))
    }

    @Test func whatIsRefused() {
        func refusal(_ map: [(label: String, name: String)]) -> LogError? {
            do {
                _ = try ClassMatcher(classes: classes, map: map)
                return nil
            } catch { return error }
        }
        #expect(
            refusal([("gehen", "walk")])?.description == """
                label map: "walk", to which "gehen" is mapped, is no class of the model
                  hint: its classes: walking, Stairs Up, sit-down, ab, a_b
                """)
        #expect(refusal([("walking", "A")])?.hint?.hasPrefix("the log's label comes first, then the class; ") == true)
        #expect(refusal([("a", "A B")]) != nil)
        #expect(refusal([("g", "ab"), ("g", "a_b")])?.message == "\"g\" is mapped to both ab and a_b")
    }
}
