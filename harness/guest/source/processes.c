#include "guest.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ending;
static void on_end(int number) { ending = number; }

static void handle(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(number, &action, NULL);
}

// As process 1 of its namespace it gets no signal that it has no handler for.
// hold [CODE [TEXT]]: ends with CODE at SIGTERM or SIGINT. TEXT is said as soon as that is so: before, process 1 would not hear them.
int run_hold(int argc, char **argv) {
  sigset_t ends, before;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, &before);
  handle(SIGTERM, on_end);
  handle(SIGINT, on_end);
  if (argc > 2) put_format(1, "%s\n", argv[2]);
  while (!ending) sigsuspend(&before);
  return argc > 1 ? atoi(argv[1]) : 0;
}

int run_stubborn(int argc, char **argv) {
  (void)argc; (void)argv;
  handle(SIGTERM, SIG_IGN);
  handle(SIGINT, SIG_IGN);
  put_text(1, "ready\n");
  for (;;) pause();
}

static const char *signal_name(int number, char *room) {
  static const char *const names[] = {
    "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
    "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
    "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
  };
  if (number < (int)(sizeof names / sizeof *names)) return names[number];
  snprintf(room, 16, "SIGRT%d", number);
  return room;
}

int run_signals(int argc, char **argv) {
  (void)argc; (void)argv;
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  put_text(1, "ready\n");
  for (;;) {
    int number;
    char room[16];
    if (sigwait(&all, &number) == 0) put_format(1, "%s\n", signal_name(number, room));
  }
}

static struct winsize size_of_tty(void) {
  struct winsize size = {0};
  for (int fd = 0; fd < 3; fd++) if (ioctl(fd, TIOCGWINSZ, &size) == 0) break;
  return size;
}

int run_winch(int argc, char **argv) {
  (void)argc; (void)argv;
  sigset_t winch;
  sigemptyset(&winch);
  sigaddset(&winch, SIGWINCH);
  sigaddset(&winch, SIGTERM);
  sigprocmask(SIG_BLOCK, &winch, NULL);
  for (;;) {
    struct winsize size = size_of_tty();
    int number;
    put_format(1, "size %d %d\n", size.ws_row, size.ws_col);
    if (sigwait(&winch, &number) == 0 && number == SIGTERM) return 0;
  }
}

int run_tty(int argc, char **argv) {
  (void)argc; (void)argv;
  struct winsize size = size_of_tty();
  put_format(1, "stdin=%s stdout=%s stderr=%s rows=%d cols=%d\n", isatty(0) ? "tty" : "other", isatty(1) ? "tty" : "other",
             isatty(2) ? "tty" : "other", size.ws_row, size.ws_col);
  return 0;
}

int run_alloc(int argc, char **argv) {
  long mebibytes = argc > 1 ? atol(argv[1]) : 1;
  for (long i = 1; i <= mebibytes; i++) {
    char *block = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return complain_about("alloc", "memory");
    memset(block, (int)i, 1 << 20);
    put_format(1, "%ld\n", i);
  }
  if (argc > 2) for (;;) pause();
  return 0;
}

int run_fork(int argc, char **argv) {
  long wanted = argc > 1 ? atol(argv[1]) : 1, got = 0;
  pid_t *children = malloc((size_t)wanted * sizeof *children);
  while (got < wanted) {
    pid_t child = fork();
    if (child < 0) break;
    if (child == 0) for (;;) pause();
    children[got++] = child;
  }
  put_format(1, "%ld\n", got);
  for (long i = 0; i < got; i++) { kill(children[i], SIGKILL); waitpid(children[i], NULL, 0); }
  return 0;
}

int run_cpu(int argc, char **argv) {
  long wanted = argc > 1 ? atol(argv[1]) : 100;
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do clock_gettime(CLOCK_MONOTONIC, &now);
  while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < wanted);
  return 0;
}

static int by_number(const void *one, const void *other) { return *(const int *)one - *(const int *)other; }

// What ps calls a column, and what it shows of a process there: as much of it as a daemon asks for that runs ps inside a container.
static void put_column(const char *column, int pid, int parent, const char *state, const char *name) {
  if (!strcmp(column, "PID")) put_format(1, "%d", pid);
  else if (!strcmp(column, "PPID")) put_format(1, "%d", parent);
  else if (!strcmp(column, "STAT")) put_format(1, "%.1s", state);
  else if (!strcmp(column, "CMD") || !strcmp(column, "COMMAND")) put_text(1, name);
  else if (!strcmp(column, "UID") || !strcmp(column, "USER")) {
    char path[64];
    struct stat about;
    snprintf(path, sizeof path, "/proc/%d", pid);
    if (stat(path, &about) == 0 && about.st_uid != 0) put_format(1, "%d", (int)about.st_uid);
    else put_text(1, "root");
  } else if (!strcmp(column, "TTY")) put_text(1, "?");
  else if (!strcmp(column, "TIME")) put_text(1, "00:00:00");
  else if (!strcmp(column, "STIME") || !strcmp(column, "START")) put_text(1, "00:00");
  else put_text(1, "0");
}

static const char *const no_columns[] = {NULL};
static const char *const full_columns[] = {"UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD", NULL};
static const char *const user_columns[] = {"USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME", "COMMAND", NULL};

static void put_row(const char *const *columns, int pid, int parent, const char *state, const char *name) {
  for (int i = 0; columns[i]; i++) {
    if (i) put_text(1, " ");
    if (pid) put_column(columns[i], pid, parent, state, name);
    else put_text(1, columns[i]);
  }
  put_text(1, "\n");
}

// ps: "1 0 hold", a line per process. ps -ef and ps aux: with the titles and columns that these have everywhere.
int run_ps(int argc, char **argv) {
  const char *const *columns = argc < 2 ? no_columns : strstr(argv[1], "aux") ? user_columns : full_columns;
  if (columns[0]) put_row(columns, 0, 0, "", "");
  DIR *directory = opendir("/proc");
  if (!directory) return complain_about("ps", "/proc");
  int *pids = NULL, count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    int pid = atoi(entry->d_name);
    if (pid <= 0) continue;
    pids = realloc(pids, (size_t)(count + 1) * sizeof *pids);
    pids[count++] = pid;
  }
  qsort(pids, (size_t)count, sizeof *pids, by_number);
  for (int i = 0; i < count; i++) {
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pids[i]);
    int fd = open(path, O_RDONLY);
    if (fd < 0) continue;
    ssize_t got = read(fd, line, sizeof line - 1);
    close(fd);
    char *name = strchr(line, '('), *end = strrchr(line, ')');
    if (got <= 0 || !name || !end) continue;
    *end = 0;
    if (columns[0]) put_row(columns, pids[i], atoi(end + 4), end + 2, name + 1);
    else put_format(1, "%d %d %s\n", pids[i], atoi(end + 4), name + 1);
  }
  return 0;
}

// Leaves a child behind that ends later: a zombie for good, unless process 1 reaps.
int run_orphan(int argc, char **argv) {
  (void)argc; (void)argv;
  pid_t child = fork();
  if (child == 0) { usleep(50000); _exit(0); }
  put_format(1, "%d\n", child);
  return 0;
}

int run_syscall(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "";
  long result = -1;
  errno = ENOSYS;
  if (!strcmp(name, "sethostname")) result = sethostname("guest", 5);
  else if (!strcmp(name, "mount")) result = mount("none", "/tmp", "tmpfs", 0, "");
  else if (!strcmp(name, "unshare")) result = unshare(CLONE_NEWNS);
  else if (!strcmp(name, "mknod")) result = mknod("/tmp/node", S_IFCHR | 0600, makedev(1, 3));
  else if (!strcmp(name, "chroot")) result = chroot("/");
  else if (!strcmp(name, "chown")) result = chown("/tmp", 1, 1);
  else if (!strcmp(name, "ptrace")) result = ptrace(PTRACE_TRACEME, 0, 0, 0);
  else if (!strcmp(name, "keyctl")) result = syscall(SYS_keyctl, 0, 0, 0, 0, 0);
  else if (!strcmp(name, "nice")) { struct sched_param none = {0}; result = sched_setscheduler(0, SCHED_BATCH, &none) || setpriority(0, 0, -5); }
  else { put_format(2, "syscall: %s is not among those that it tries\n", name); return 2; }
  put_format(1, "%s\n", result == 0 || (result > 0 && !strcmp(name, "keyctl")) ? "ok" : errno_name(errno));
  return 0;
}

static int by_group(const void *one, const void *other) {
  gid_t a = *(const gid_t *)one, b = *(const gid_t *)other;
  return a < b ? -1 : a > b;
}

int run_id(int argc, char **argv) {
  (void)argc; (void)argv;
  gid_t groups[256];
  int count = getgroups(256, groups);
  if (count < 0) return complain_about("id", "groups");
  qsort(groups, (size_t)count, sizeof *groups, by_group);
  put_format(1, "uid=%u gid=%u groups=", geteuid(), getegid());
  for (int i = 0; i < count; i++) put_format(1, i ? ",%u" : "%u", groups[i]);
  put_text(1, "\n");
  return 0;
}
