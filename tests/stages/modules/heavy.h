/* heavy.h - what the C library is asked to do under the sandbox: one function of heavy.c each, by
 * the title of the record. */
#define HEAVY_CASES(CASE)                                                                          \
    CASE(sort_2_kib)                                                                               \
    CASE(sort_64_kib)                                                                              \
    CASE(sort_4_mib)                                                                               \
    CASE(sort_in_place)                                                                            \
    CASE(search)                                                                                   \
    CASE(memory_mapped)                                                                            \
    CASE(memory_grown)                                                                             \
    CASE(memory_aligned)                                                                           \
    CASE(memory_many)                                                                              \
    CASE(stack_deep)                                                                               \
    CASE(local_time)                                                                               \
    CASE(wall_time)                                                                                \
    CASE(print_out)                                                                                \
    CASE(print_to_memory)                                                                          \
    CASE(read_from_memory)                                                                         \
    CASE(read_kept_file)                                                                           \
    CASE(match)                                                                                    \
    CASE(numbers)                                                                                  \
    CASE(wide)                                                                                     \
    CASE(random_bytes)                                                                             \
    CASE(errors)                                                                                   \
    CASE(locks)                                                                                    \
    CASE(threads)
