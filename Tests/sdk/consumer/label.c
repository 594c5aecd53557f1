/* Runs the model of the file MODEL, which is linked in, over the frames of FRAMES, and exits with 0 if the results' checksum is
 * CHECKSUM: what a project has of the SDK, without a C library's files. */
#include "snnrt.h"

__asm__(".section .rodata.inputs,\"a\"\n"
        ".globl model, model_end, frames, frames_end\n"
        ".balign 8\n"
        "model: .incbin \"" MODEL "\"\n"
        "model_end:\n"
        ".balign 8\n"
        "frames: .incbin \"" FRAMES "\"\n"
        "frames_end:\n"
        ".text\n");
extern const uint8_t model[], model_end[];
extern const int16_t frames[], frames_end[];

static uint64_t arena[512];

int main(void)
{
    snnrt_info info = {0};
    snnrt_usage usage = {0};
    snnrt_network *network;
    const int16_t *frame;
    size_t model_bytes = (size_t)(model_end - model);

    info.struct_size = sizeof info;
    usage.struct_size = sizeof usage;
    if (snnrt_inspect(model, model_bytes, NULL, &info, NULL) != SNNRT_OK) return 2;
    if (snnrt_open(model, model_bytes, arena, sizeof arena, NULL, &network, NULL) != SNNRT_OK) return 3;
    for (frame = frames; frame < frames_end; frame += info.channel_count)
        if (snnrt_push(network, frame, 1, NULL) < 0) return 4;
    if (snnrt_get_usage(network, SNNRT_TOTAL, &usage) != SNNRT_OK) return 5;
    return usage.output_checksum == CHECKSUM ? 0 : 1;
}
