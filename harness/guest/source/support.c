#include "guest.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void put(int fd, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t written = write(fd, at, length);
    if (written < 0) {
      if (errno == EINTR) continue;
      _exit(74);
    }
    at += written;
    length -= (size_t)written;
  }
}

void put_text(int fd, const char *text) { put(fd, text, strlen(text)); }

void put_format(int fd, const char *format, ...) {
  char line[4096];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  put(fd, line, length < (int)sizeof line ? (size_t)length : sizeof line - 1);
}

int complain_about(const char *applet, const char *path) {
  put_format(2, "%s: %s: %s\n", applet, path, strerror(errno));
  return 1;
}

const char *errno_name(int number) {
  static const struct { int number; const char *name; } names[] = {
    {EPERM, "EPERM"}, {ENOENT, "ENOENT"}, {EINTR, "EINTR"}, {EIO, "EIO"}, {ENXIO, "ENXIO"}, {EAGAIN, "EAGAIN"}, {ENOMEM, "ENOMEM"},
    {EACCES, "EACCES"}, {EBUSY, "EBUSY"}, {EEXIST, "EEXIST"}, {ENODEV, "ENODEV"}, {ENOTDIR, "ENOTDIR"}, {EISDIR, "EISDIR"},
    {EINVAL, "EINVAL"}, {EMFILE, "EMFILE"}, {ENFILE, "ENFILE"}, {EFBIG, "EFBIG"}, {ENOSPC, "ENOSPC"}, {EROFS, "EROFS"},
    {ENOSYS, "ENOSYS"}, {ELOOP, "ELOOP"}, {ENOTEMPTY, "ENOTEMPTY"}, {ECONNREFUSED, "ECONNREFUSED"}, {ETIMEDOUT, "ETIMEDOUT"},
    {EHOSTUNREACH, "EHOSTUNREACH"}, {ENETUNREACH, "ENETUNREACH"}, {EADDRINUSE, "EADDRINUSE"}, {ESRCH, "ESRCH"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].number == number) return names[i].name;
  return strerror(number);
}

static int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

size_t unescape(char *text) {
  char *to = text;
  for (char *from = text; *from; from++) {
    if (*from != '\\' || from[1] == 0) { *to++ = *from; continue; }
    from++;
    if (*from == 'n') *to++ = '\n';
    else if (*from == 'r') *to++ = '\r';
    else if (*from == 't') *to++ = '\t';
    else if (*from == '0') *to++ = '\0';
    else if (*from == 'x' && hex(from[1]) >= 0 && hex(from[2]) >= 0) { *to++ = (char)(hex(from[1]) * 16 + hex(from[2])); from += 2; }
    else *to++ = *from;
  }
  *to = 0;
  return (size_t)(to - text);
}
