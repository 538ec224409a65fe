/* Hashes with Debian's libargon2 as the server hashes, once for each line that it reads, and answers with the seconds that
 * this took. Its memory is kept from one hash to the next, as the server keeps it, so that the two are compared and not what
 * it costs to ask the kernel for memory. */
#include <argon2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* As in server/src/platform/passwords.rs. */
#define MEMORY_KIB 19456
#define PASSES 2

static uint8_t *kept;

static int keep(uint8_t **memory, size_t bytes) {
  if (!kept && posix_memalign((void **)&kept, 64, bytes)) return -1;
  *memory = kept;
  return 0;
}

static void leave(uint8_t *memory, size_t bytes) {
  (void)memory;
  (void)bytes;
}

int main(void) {
  char line[64];
  uint8_t hash[32], password[] = "granite-ribbon-thistle", salt[] = "of sixteen bytes";
  argon2_context context;
  memset(&context, 0, sizeof context);
  context.out = hash;
  context.outlen = sizeof hash;
  context.pwd = password;
  context.pwdlen = sizeof password - 1;
  context.salt = salt;
  context.saltlen = sizeof salt - 1;
  context.t_cost = PASSES;
  context.m_cost = MEMORY_KIB;
  context.lanes = context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = keep;
  context.free_cbk = leave;
  while (fgets(line, sizeof line, stdin)) {
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    int failed = argon2id_ctx(&context);
    clock_gettime(CLOCK_MONOTONIC, &after);
    if (failed) return fprintf(stderr, "%s\n", argon2_error_message(failed)), 1;
    printf("%.9f\n", after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) / 1e9);
    fflush(stdout);
  }
  return 0;
}
