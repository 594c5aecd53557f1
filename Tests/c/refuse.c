/* Says how each model file named on standard input is received: `STATUS OFFSET` a line. */
#include <stdio.h>
#include <string.h>

#include "support.h"

int main(void)
{
    char path[1024];
    while (fgets(path, sizeof path, stdin) != NULL) {
        snnrt_info info = {.struct_size = sizeof info};
        uint32_t offset = 0;
        file_t file;
        int32_t status;
        path[strcspn(path, "\n")] = '\0';
        file = try_file(path);
        if (file.bytes == NULL) return 2;
        status = snnrt_inspect(file.bytes, file.byte_count, NULL, &info, &offset);
        printf("%d %u\n", (int)status, (unsigned)offset);
        free_file(&file);
    }
    return 0;
}
