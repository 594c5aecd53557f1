/* A QEMU plugin that counts the instructions a guest executes between its functions `count_begin` and `count_end`.
 *
 *     gcc -O2 -fPIC -shared -o libcount.so count.c
 *     qemu-system-arm ... -plugin libcount.so,out=FILE[,functions=FILE][,parts=yes]
 *
 * FILE gets a number a line, one for each pair of calls; with parts=yes a line has more of them: what was executed before the
 * first call of a function snnrt_tick_..., which is an op's, then from each such call to the next, or to the end. An instruction of an IT block counts whether or not its condition
 * holds, as the processor fetches it either way. functions: at exit, what each function executed, where the program has its
 * symbol. Declared here is what is used of QEMU's plugin interface (version 1, QEMU 4.2 to 8.1), whose header Debian
 * does not package. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned int, void *), int flags,
                                            void *argument);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *argument);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *);

EXPORT int qemu_plugin_version = 1;

typedef struct {
    const char *name;
    uint64_t count;
    uint64_t entry; /* the lowest address met, which is the first */
} function_t;

static function_t functions[4096];
static size_t function_count;
static uint64_t count;
static int is_counting, has_parts;
static FILE *out, *by_function;

static void begin(unsigned int cpu, void *argument) { (void)cpu, (void)argument, count = 0, is_counting = 1; }

static void end(unsigned int cpu, void *argument)
{
    (void)cpu, (void)argument;
    if (is_counting) fprintf(out, "%llu\n", (unsigned long long)count);
    is_counting = 0;
}

/* The first instruction of an op's function. */
static void begin_part(unsigned int cpu, void *function)
{
    (void)cpu;
    if (is_counting) fprintf(out, "%llu ", (unsigned long long)count), count = 0;
    count++;
    if (is_counting) ((function_t *)function)->count++;
}

static void execute(unsigned int cpu, void *function)
{
    (void)cpu;
    count++;
    if (is_counting) ((function_t *)function)->count++;
}

static function_t *find(const char *name)
{
    size_t i;
    for (i = 0; i < function_count; i++)
        if (strcmp(functions[i].name, name) == 0) return &functions[i];
    if (function_count + 1 == sizeof functions / sizeof *functions) abort();
    functions[function_count].name = strdup(name);
    functions[function_count].entry = UINT64_MAX;
    return &functions[function_count++];
}

/* Parts that a compiler split off a function have its name and capitals. */
static int is_tick(const char *name)
{
    static const char prefix[] = "snnrt_tick_";
    return strncmp(name, prefix, sizeof prefix - 1) == 0 &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    size_t i;
    (void)id;
    for (i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        const char *symbol = qemu_plugin_insn_symbol(instruction);
        function_t *function = find(symbol == NULL ? "" : symbol);
        int is_entry = qemu_plugin_insn_vaddr(instruction) <= function->entry;
        if (is_entry) function->entry = qemu_plugin_insn_vaddr(instruction);
        is_entry = is_entry && has_parts && is_tick(function->name);
        qemu_plugin_register_vcpu_insn_exec_cb(instruction,
                                               strcmp(function->name, "count_begin") == 0 ? begin
                                               : strcmp(function->name, "count_end") == 0 ? end
                                               : is_entry                                 ? begin_part
                                                                                          : execute,
                                               0, function);
    }
}

static int descending(const void *first, const void *second)
{
    uint64_t a = ((const function_t *)first)->count, b = ((const function_t *)second)->count;
    return (a < b) - (a > b);
}

static void finish(qemu_plugin_id_t id, void *argument)
{
    size_t i;
    (void)id, (void)argument;
    fclose(out);
    if (by_function == NULL) return;
    qsort(functions, function_count, sizeof *functions, descending);
    for (i = 0; i < function_count && functions[i].count > 0; i++)
        fprintf(by_function, "%llu %s\n", (unsigned long long)functions[i].count, functions[i].name);
    fclose(by_function);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argument_count, char **arguments)
{
    int i;
    (void)info;
    for (i = 0; i < argument_count; i++) {
        if (strncmp(arguments[i], "out=", 4) == 0) out = fopen(arguments[i] + 4, "w");
        if (strcmp(arguments[i], "parts=yes") == 0) has_parts = 1;
        if (strncmp(arguments[i], "functions=", 10) == 0) by_function = fopen(arguments[i] + 10, "w");
    }
    if (out == NULL) return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    qemu_plugin_register_atexit_cb(id, finish, NULL);
    return 0;
}
