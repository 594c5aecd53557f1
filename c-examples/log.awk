# Turns a log (seconds, six channels in m/s^2 and rad/s, a label) into the C array that the examples replay: milliseconds
# and counts of 1/1000, as a sensor set to these units would deliver them.
#
#     awk -f log.awk sample.csv > log.c
BEGIN { FS = ","; print "#include \"sensor.h\"\n\nconst reading sensor_log[] = {" }
NR > 1 {
    printf "    {%.0f, {", 1000 * $1
    for (i = 2; i <= 7; i++) {
        count = 1000 * $i
        if (count > 32767) count = 32767
        if (count < -32768) count = -32768
        printf "%.0f%s", count, i < 7 ? ", " : "}},\n"
    }
}
END { print "};\nconst uint32_t sensor_log_count = sizeof sensor_log / sizeof sensor_log[0];" }
