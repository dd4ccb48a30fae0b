// A minimal shell: what a shell-form command and a test of quoting need, and no more.
// Commands separated by ; && || or newline; words with '…' "…" \x $NAME ${NAME} $? $$; > >> < >&2 and 2>&1.
#include "guest.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS 128

static int last;

struct command { char *words[WORDS]; int count; int from[8], to[8], redirects; };

static void expand(const char **at, char *to, size_t *used) {
  char name[128];
  size_t length = 0;
  const char *from = *at + 1;
  if (*from == '?') { *used += (size_t)sprintf(to + *used, "%d", last); *at = from + 1; return; }
  if (*from == '$') { *used += (size_t)sprintf(to + *used, "%d", getpid()); *at = from + 1; return; }
  int braced = *from == '{';
  if (braced) from++;
  while ((isalnum((unsigned char)*from) || *from == '_') && length < sizeof name - 1) name[length++] = *from++;
  name[length] = 0;
  if (braced && *from == '}') from++;
  if (length == 0) { to[(*used)++] = '$'; *at += 1; return; }
  const char *value = getenv(name);
  if (value) { strcpy(to + *used, value); *used += strlen(value); }
  *at = from;
}

// Takes one word; NULL where a separator or an operator stands.
static char *take_word(const char **at) {
  static char room[65536];
  size_t used = 0;
  int any = 0;
  while (**at && used < sizeof room - 8192) {
    char c = **at;
    if (isspace((unsigned char)c) || strchr(";&|<>", c)) break;
    any = 1;
    if (c == '\'') {
      for ((*at)++; **at && **at != '\''; (*at)++) room[used++] = **at;
      if (**at) (*at)++;
    } else if (c == '"') {
      (*at)++;
      while (**at && **at != '"') {
        if (**at == '\\' && strchr("\"\\$", (*at)[1])) { room[used++] = (*at)[1]; *at += 2; }
        else if (**at == '$') expand(at, room, &used);
        else room[used++] = *(*at)++;
      }
      if (**at) (*at)++;
    } else if (c == '\\' && (*at)[1]) { room[used++] = (*at)[1]; *at += 2; }
    else if (c == '$') expand(at, room, &used);
    else { room[used++] = c; (*at)++; }
  }
  room[used] = 0;
  return any ? strdup(room) : NULL;
}

static void skip_blanks(const char **at) { while (**at == ' ' || **at == '\t') (*at)++; }

static int run_command(struct command *command) {
  if (command->count == 0) return last;
  char *name = command->words[0];
  command->words[command->count] = NULL;
  if (!strcmp(name, "exit")) exit(command->count > 1 ? atoi(command->words[1]) : last);
  if (!strcmp(name, "cd")) return chdir(command->count > 1 ? command->words[1] : "/") == 0 ? 0 : complain_about("cd", command->words[1]);
  if (!strcmp(name, "export")) { if (command->count > 1) putenv(command->words[1]); return 0; }
  int replace = !strcmp(name, "exec");
  char **words = command->words + replace;
  pid_t child = replace ? 0 : fork();
  if (child < 0) return complain_about("sh", name);
  if (child == 0) {
    for (int i = 0; i < command->redirects; i++) dup2(command->from[i], command->to[i]);
    applet run = strchr(words[0], '/') ? NULL : find_applet(words[0]);
    if (run) exit(run(command->count - replace, words));
    if (!strcmp(words[0], "echo")) exit(find_applet("print")(command->count - replace, words));
    if (!strcmp(words[0], "true")) exit(0);
    if (!strcmp(words[0], "false")) exit(1);
    execvp(words[0], words);
    put_format(2, "sh: %s: not found\n", words[0]);
    exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int take_redirect(const char **at, struct command *command, int fd) {
  int append = 0, input = **at == '<';
  (*at)++;
  if (!input && **at == '>') { append = 1; (*at)++; }
  int slot = command->redirects++;
  command->to[slot] = input ? 0 : fd;
  if (**at == '&') { command->from[slot] = (*at)[1] - '0'; *at += 2; return 0; }
  skip_blanks(at);
  char *path = take_word(at);
  if (!path) return -1;
  command->from[slot] = input ? open(path, O_RDONLY) : open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0644);
  return command->from[slot] < 0 ? (complain_about("sh", path), -1) : 0;
}

static void interpret(const char *script) {
  const char *at = script;
  int skip = 0;
  while (*at) {
    struct command command = {.count = 0};
    for (;;) {
      skip_blanks(&at);
      if (*at == '>' || *at == '<') { if (take_redirect(&at, &command, 1)) { last = 2; return; } continue; }
      if (*at == '2' && at[1] == '>') { at++; if (take_redirect(&at, &command, 2)) { last = 2; return; } continue; }
      char *word = command.count < WORDS - 1 ? take_word(&at) : NULL;
      if (!word) break;
      command.words[command.count++] = word;
    }
    if (!skip) last = run_command(&command);
    skip = 0;
    if (at[0] == '&' && at[1] == '&') { skip = last != 0; at += 2; }
    else if (at[0] == '|' && at[1] == '|') { skip = last == 0; at += 2; }
    else if (*at == ';' || *at == '\n' || *at == '\r') at++;
    else if (*at) { put_format(2, "sh: syntax error near %c\n", *at); last = 2; return; }
    while (isspace((unsigned char)*at)) at++;
  }
}

int run_sh(int argc, char **argv) {
  if (argc > 2 && !strcmp(argv[1], "-c")) { interpret(argv[2]); return last; }
  // Without a script: line by line from stdin.
  char line[8192];
  size_t used = 0;
  while (used < sizeof line - 1 && read(0, line + used, 1) == 1) {
    if (line[used++] != '\n') continue;
    line[used] = 0;
    interpret(line);
    used = 0;
  }
  line[used] = 0;
  interpret(line);
  return last;
}
