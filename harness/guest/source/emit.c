#include "guest.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Byte i of the counting pattern is i mod 256, wherever a write begins.
static void fill(int fd, unsigned long long total, size_t each, unsigned long long *at) {
  unsigned char *block = malloc(each);
  while (total > 0) {
    size_t length = total < each ? (size_t)total : each;
    for (size_t i = 0; i < length; i++) block[i] = (unsigned char)(*at + i);
    put(fd, block, length);
    *at += length;
    total -= length;
  }
  free(block);
}

// Steps in turn, so that what a client must see is known to the byte.
int run_emit(int argc, char **argv) {
  unsigned long long patterned = 0;
  for (int i = 1; i < argc; i++) {
    char *step = argv[i], *value = strchr(step, '=');
    if (value) *value++ = 0;
    char *times = strchr(step, '*');
    long repeat = 1;
    if (times) { *times++ = 0; repeat = atol(times); }
    int fd = strncmp(step, "err", 3) == 0 ? 2 : 1;
    if (!strcmp(step, "out") || !strcmp(step, "err")) {
      size_t length = value ? unescape(value) : 0;
      while (repeat-- > 0) put(fd, value, length);
    } else if (!strcmp(step, "outfill") || !strcmp(step, "errfill")) {
      fill(fd, value ? strtoull(value, NULL, 10) : 0, 32768, &patterned);
    } else if (!strcmp(step, "outsize") || !strcmp(step, "errsize")) {
      char *size = value ? strchr(value, ':') : NULL;
      unsigned long long each = size ? strtoull(size + 1, NULL, 10) : 1;
      fill(fd, (value ? strtoull(value, NULL, 10) : 0) * each, (size_t)each, &patterned);
    } else if (!strcmp(step, "sleep")) {
      usleep((useconds_t)(value ? atol(value) : 0) * 1000);
    } else if (!strcmp(step, "line")) {
      char byte;
      while (read(0, &byte, 1) == 1 && byte != '\n') {}
    } else if (!strcmp(step, "eof")) {
      char block[4096];
      while (read(0, block, sizeof block) > 0) {}
    } else if (!strcmp(step, "exit")) {
      return value ? atoi(value) : 0;
    } else {
      put_format(2, "emit: no such step: %s\n", step);
      return 2;
    }
  }
  return 0;
}
