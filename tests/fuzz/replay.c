/* replay.c - runs a fuzz target over the files of its corpus, so that findings stay tests. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *dir, const char *name)
{
    enum { LIMIT = 4 << 20 };
    char path[4096];
    uint8_t *data = malloc(LIMIT);
    FILE *file;
    size_t size;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "rb");
    if (file == NULL || data == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        free(data);
        return 1;
    }
    size = fread(data, 1, LIMIT, file);
    fclose(file);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int files = 0;
    int failed = 0;

    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        struct dirent *entry;

        while (dir != NULL && (entry = readdir(dir)) != NULL) {
            if (entry->d_name[0] == '.')
                continue;
            failed += run_file(argv[i], entry->d_name);
            files++;
        }
        if (dir != NULL)
            closedir(dir);
    }
    printf("%d inputs\n", files);
    return failed == 0 && files > 0 ? 0 : 1;
}
