// The guest: what the suite's containers run. One static program, told what to do by the name it is called by.
#ifndef GUEST_H
#define GUEST_H
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/types.h>

typedef int (*applet)(int argc, char **argv);

// The applet of a name; NULL where there is none.
applet find_applet(const char *name);

// Writes all bytes to a descriptor, however few a write takes.
void put(int fd, const void *bytes, size_t length);
void put_text(int fd, const char *text);
void put_format(int fd, const char *format, ...);

// "APPLET: PATH: reason" on stderr; gives the exit code 1.
int complain_about(const char *applet, const char *path);
// The symbolic name of an errno: "EPERM".
const char *errno_name(int number);
// Undoes the escapes \n \r \t \0 \xHH \\ in place; gives the length, for there may be zero bytes.
size_t unescape(char *text);

int copy_file(int from, int to);
int run_emit(int argc, char **argv);
int run_connect(int argc, char **argv);
int run_listen(int argc, char **argv);
int run_resolve(int argc, char **argv);
int run_interfaces(int argc, char **argv);
int run_stat(int argc, char **argv);
int run_ls(int argc, char **argv);
int run_rm(int argc, char **argv);
int run_write(int argc, char **argv);
int run_append(int argc, char **argv);
int run_touch(int argc, char **argv);
int run_mkdir(int argc, char **argv);
int run_ln(int argc, char **argv);
int run_symlink(int argc, char **argv);
int run_mkfifo(int argc, char **argv);
int run_mknod(int argc, char **argv);
int run_chmod(int argc, char **argv);
int run_chown(int argc, char **argv);
int run_truncate(int argc, char **argv);
int run_mv(int argc, char **argv);
int run_open(int argc, char **argv);
int run_sh(int argc, char **argv);
int run_hold(int argc, char **argv);
int run_stubborn(int argc, char **argv);
int run_signals(int argc, char **argv);
int run_winch(int argc, char **argv);
int run_tty(int argc, char **argv);
int run_alloc(int argc, char **argv);
int run_fork(int argc, char **argv);
int run_cpu(int argc, char **argv);
int run_ps(int argc, char **argv);
int run_orphan(int argc, char **argv);
int run_syscall(int argc, char **argv);
int run_id(int argc, char **argv);

#endif
