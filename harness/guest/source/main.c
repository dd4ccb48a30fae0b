#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

int copy_file(int from, int to) {
  char block[65536];
  for (;;) {
    ssize_t got = read(from, block, sizeof block);
    if (got == 0) return 0;
    if (got < 0) { if (errno == EINTR) continue; return 1; }
    put(to, block, (size_t)got);
  }
}

static int show(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return complain_about("cat", path);
  int failed = copy_file(fd, 1);
  if (failed) complain_about("cat", path);
  close(fd);
  return failed;
}

static int run_exit(int argc, char **argv) { return argc > 1 ? atoi(argv[1]) : 0; }

static int words(int fd, int argc, char **argv) {
  for (int i = 1; i < argc; i++) { if (i > 1) put(fd, " ", 1); put_text(fd, argv[i]); }
  put(fd, "\n", 1);
  return 0;
}
static int run_print(int argc, char **argv) { return words(1, argc, argv); }
static int run_complain(int argc, char **argv) { return words(2, argc, argv); }

static int run_cat(int argc, char **argv) {
  if (argc < 2) return copy_file(0, 1);
  int failed = 0;
  for (int i = 1; i < argc; i++) failed |= strcmp(argv[i], "-") == 0 ? copy_file(0, 1) : show(argv[i]);
  return failed;
}

static int run_slowcat(int argc, char **argv) {
  long pause = argc > 1 ? atol(argv[1]) : 10;
  size_t size = argc > 2 ? (size_t)atol(argv[2]) : 4096;
  char *block = malloc(size);
  for (;;) {
    ssize_t got = read(0, block, size);
    if (got <= 0) return got < 0;
    put(1, block, (size_t)got);
    usleep((useconds_t)pause * 1000);
  }
}

static int run_count(int argc, char **argv) {
  (void)argc; (void)argv;
  unsigned long long hash = 0xcbf29ce484222325ull, total = 0;
  unsigned char block[65536];
  for (;;) {
    ssize_t got = read(0, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    for (ssize_t i = 0; i < got; i++) hash = (hash ^ block[i]) * 0x100000001b3ull;
    total += (unsigned long long)got;
  }
  put_format(1, "%llu %016llx\n", total, hash);
  return 0;
}

static int run_env(int argc, char **argv) {
  (void)argc; (void)argv;
  for (char **each = environ; *each; each++) { put_text(1, *each); put(1, "\n", 1); }
  return 0;
}

static int run_args(int argc, char **argv) {
  for (int i = 1; i < argc; i++) { put_text(1, argv[i]); put(1, "\n", 1); }
  return 0;
}

static int run_pwd(int argc, char **argv) {
  (void)argc; (void)argv;
  char path[4096];
  if (!getcwd(path, sizeof path)) return complain_about("pwd", ".");
  put_format(1, "%s\n", path);
  return 0;
}

static int run_hostname(int argc, char **argv) {
  (void)argc; (void)argv;
  struct utsname names;
  uname(&names);
  put_format(1, "%s\n", names.nodename);
  return 0;
}

static int run_domainname(int argc, char **argv) {
  (void)argc; (void)argv;
  struct utsname names;
  uname(&names);
  put_format(1, "%s\n", names.domainname);
  return 0;
}

static int run_uname(int argc, char **argv) {
  (void)argc; (void)argv;
  struct utsname names;
  uname(&names);
  put_format(1, "%s %s %s\n", names.sysname, names.release, names.machine);
  return 0;
}

static int run_mounts(int argc, char **argv) { (void)argc; (void)argv; return show("/proc/self/mountinfo"); }
static int run_limits(int argc, char **argv) { (void)argc; (void)argv; return show("/proc/self/limits"); }
static int run_status(int argc, char **argv) { (void)argc; (void)argv; return show("/proc/self/status"); }
static int run_cgroup(int argc, char **argv) { (void)argc; (void)argv; return show("/proc/self/cgroup"); }
static int run_oom(int argc, char **argv) { (void)argc; (void)argv; return show("/proc/self/oom_score_adj"); }

static int run_sysctl(int argc, char **argv) {
  char path[512];
  if (argc < 2) return 2;
  snprintf(path, sizeof path, "/proc/sys/%s", argv[1]);
  for (char *at = path + 10; *at; at++) if (*at == '.') *at = '/';
  return show(path);
}

static int run_nice(int argc, char **argv) {
  (void)argc; (void)argv;
  put_format(1, "%d\n", getpriority(PRIO_PROCESS, 0));
  return 0;
}

static int run_shm(int argc, char **argv) {
  (void)argc; (void)argv;
  struct statvfs shm;
  if (statvfs("/dev/shm", &shm) != 0) return complain_about("shm", "/dev/shm");
  put_format(1, "%llu\n", (unsigned long long)shm.f_blocks * shm.f_frsize);
  return 0;
}

static int run_health(int argc, char **argv) { return argc > 1 && access(argv[1], F_OK) == 0 ? 0 : 1; }

static const struct { const char *name; applet run; } applets[] = {
  {"alloc", run_alloc}, {"append", run_append}, {"args", run_args}, {"cat", run_cat}, {"cgroup", run_cgroup}, {"chmod", run_chmod},
  {"chown", run_chown}, {"complain", run_complain}, {"connect", run_connect}, {"count", run_count}, {"cpu", run_cpu},
  {"domainname", run_domainname}, {"emit", run_emit}, {"env", run_env}, {"exit", run_exit}, {"fork", run_fork}, {"health", run_health},
  {"hold", run_hold}, {"hostname", run_hostname}, {"id", run_id}, {"interfaces", run_interfaces}, {"limits", run_limits},
  {"listen", run_listen}, {"ln", run_ln}, {"ls", run_ls}, {"mkdir", run_mkdir}, {"mkfifo", run_mkfifo}, {"mknod", run_mknod},
  {"mounts", run_mounts}, {"mv", run_mv}, {"nice", run_nice}, {"oom", run_oom}, {"open", run_open}, {"orphan", run_orphan},
  {"print", run_print}, {"ps", run_ps}, {"pwd", run_pwd}, {"read", run_cat}, {"resolve", run_resolve}, {"rm", run_rm}, {"sh", run_sh},
  {"shm", run_shm}, {"signals", run_signals}, {"slowcat", run_slowcat}, {"stat", run_stat}, {"status", run_status},
  {"stubborn", run_stubborn}, {"symlink", run_symlink}, {"syscall", run_syscall}, {"sysctl", run_sysctl}, {"touch", run_touch},
  {"truncate", run_truncate}, {"tty", run_tty}, {"uname", run_uname}, {"winch", run_winch}, {"write", run_write},
};

applet find_applet(const char *name) {
  for (size_t i = 0; i < sizeof applets / sizeof *applets; i++)
    if (strcmp(applets[i].name, name) == 0) return applets[i].run;
  return NULL;
}

static const char *base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--applets") == 0) {
    for (size_t i = 0; i < sizeof applets / sizeof *applets; i++) put_format(1, "%s\n", applets[i].name);
    return 0;
  }
  const char *name = argc > 0 ? base(argv[0]) : "guest";
  if (strncmp(name, "guest", 5) == 0 && argc > 1) { argv++; argc--; name = argv[0]; }
  applet run = find_applet(name);
  if (!run) {
    put_format(2, "guest: there is no applet \"%s\"\n", name);
    return 127;
  }
  return run(argc, argv);
}
