#include "guest.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const char *type_name(mode_t mode) {
  if (S_ISREG(mode)) return "file";
  if (S_ISDIR(mode)) return "directory";
  if (S_ISLNK(mode)) return "symlink";
  if (S_ISFIFO(mode)) return "fifo";
  if (S_ISCHR(mode)) return "char";
  if (S_ISBLK(mode)) return "block";
  return "socket";
}

int run_stat(int argc, char **argv) {
  if (argc < 2) return 2;
  struct stat seen;
  if (lstat(argv[1], &seen) != 0) return complain_about("stat", argv[1]);
  put_format(1, "{\"type\":\"%s\",\"size\":%lld,\"mode\":\"%04o\",\"uid\":%u,\"gid\":%u,\"mtime\":%lld,\"nlink\":%u,\"major\":%u,\"minor\":%u",
             type_name(seen.st_mode), (long long)seen.st_size, seen.st_mode & 07777, seen.st_uid, seen.st_gid, (long long)seen.st_mtime,
             (unsigned)seen.st_nlink, major(seen.st_rdev), minor(seen.st_rdev));
  if (S_ISLNK(seen.st_mode)) {
    char target[4096];
    ssize_t length = readlink(argv[1], target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    put_format(1, ",\"target\":\"%s\"", target);
  }
  put_text(1, "}\n");
  return 0;
}

static int by_name(const void *one, const void *other) { return strcmp(*(char *const *)one, *(char *const *)other); }

int run_ls(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : ".";
  DIR *directory = opendir(path);
  if (!directory) return complain_about("ls", path);
  char **names = NULL;
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    names = realloc(names, (count + 1) * sizeof *names);
    names[count++] = strdup(entry->d_name);
  }
  closedir(directory);
  if (count) qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; i < count; i++) put_format(1, "%s\n", names[i]);
  return 0;
}

static int remove_tree(const char *path) {
  struct stat seen;
  if (lstat(path, &seen) != 0) return complain_about("rm", path);
  if (S_ISDIR(seen.st_mode)) {
    DIR *directory = opendir(path);
    if (!directory) return complain_about("rm", path);
    int failed = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
      if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
      char inner[4096];
      snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
      failed |= remove_tree(inner);
    }
    closedir(directory);
    if (failed) return failed;
    return rmdir(path) == 0 ? 0 : complain_about("rm", path);
  }
  return unlink(path) == 0 ? 0 : complain_about("rm", path);
}

int run_rm(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i++) failed |= remove_tree(argv[i]);
  return failed;
}

static int write_to(const char *applet, int argc, char **argv, int flags) {
  if (argc < 3) return 2;
  int fd = open(argv[1], O_WRONLY | O_CREAT | flags, 0644);
  if (fd < 0) return complain_about(applet, argv[1]);
  size_t length = unescape(argv[2]);
  ssize_t written = write(fd, argv[2], length);
  if (written != (ssize_t)length) return complain_about(applet, argv[1]);
  return close(fd) == 0 ? 0 : complain_about(applet, argv[1]);
}
int run_write(int argc, char **argv) { return write_to("write", argc, argv, O_TRUNC); }
int run_append(int argc, char **argv) { return write_to("append", argc, argv, O_APPEND); }

int run_touch(int argc, char **argv) {
  if (argc < 2) return 2;
  int fd = open(argv[1], O_WRONLY | O_CREAT, 0644);
  if (fd < 0) return complain_about("touch", argv[1]);
  struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
  if (argc > 2) { times[0] = (struct timespec){.tv_sec = atoll(argv[2])}; times[1] = times[0]; }
  if (futimens(fd, times) != 0) return complain_about("touch", argv[1]);
  return 0;
}

int run_mkdir(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i++) if (mkdir(argv[i], 0755) != 0) failed = complain_about("mkdir", argv[i]);
  return failed;
}

int run_ln(int argc, char **argv) { return argc > 2 && link(argv[1], argv[2]) == 0 ? 0 : complain_about("ln", argc > 2 ? argv[2] : ""); }
int run_symlink(int argc, char **argv) { return argc > 2 && symlink(argv[1], argv[2]) == 0 ? 0 : complain_about("symlink", argc > 2 ? argv[2] : ""); }
int run_mkfifo(int argc, char **argv) { return argc > 1 && mkfifo(argv[1], 0644) == 0 ? 0 : complain_about("mkfifo", argc > 1 ? argv[1] : ""); }
int run_mv(int argc, char **argv) { return argc > 2 && rename(argv[1], argv[2]) == 0 ? 0 : complain_about("mv", argc > 1 ? argv[1] : ""); }
int run_truncate(int argc, char **argv) {
  if (argc < 3) return 2;
  int fd = open(argv[1], O_WRONLY | O_CREAT, 0644);
  return fd >= 0 && ftruncate(fd, atoll(argv[2])) == 0 ? 0 : complain_about("truncate", argv[1]);
}

int run_mknod(int argc, char **argv) {
  if (argc < 5) return 2;
  mode_t type = argv[2][0] == 'b' ? S_IFBLK : S_IFCHR;
  return mknod(argv[1], type | 0644, makedev((unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]))) == 0 ? 0 : complain_about("mknod", argv[1]);
}

int run_chmod(int argc, char **argv) {
  return argc > 2 && chmod(argv[2], (mode_t)strtoul(argv[1], NULL, 8)) == 0 ? 0 : complain_about("chmod", argc > 2 ? argv[2] : "");
}

int run_chown(int argc, char **argv) {
  return argc > 3 && lchown(argv[3], (uid_t)atoi(argv[1]), (gid_t)atoi(argv[2])) == 0 ? 0 : complain_about("chown", argc > 3 ? argv[3] : "");
}

int run_open(int argc, char **argv) {
  if (argc < 2) return 2;
  int fd = open(argv[1], argc > 2 && argv[2][0] == 'w' ? O_WRONLY : O_RDONLY);
  put_format(1, "%s\n", fd >= 0 ? "ok" : errno_name(errno));
  return 0;
}
