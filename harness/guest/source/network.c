#include "guest.h"
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// listen PORT|PATH [TEXT [asked]]: greets each peer with TEXT and sends back what it sends. With `asked` TEXT is the answer to the
// peer's first bytes, and all there is. A path, which begins with a slash, is that of a unix socket.
int run_listen(int argc, char **argv) {
  if (argc < 2) return 2;
  // As process 1 it would not be stopped by SIGTERM without a handler.
  signal(SIGTERM, _exit);
  signal(SIGCHLD, SIG_IGN);
  int local = argv[1][0] == '/', on = 1, off = 0, fd = socket(local ? AF_UNIX : AF_INET6, SOCK_STREAM, 0);
  union { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; struct sockaddr_un un; } address = {0};
  socklen_t length;
  if (local) {
    address.un.sun_family = AF_UNIX;
    strncpy(address.un.sun_path, argv[1], sizeof address.un.sun_path - 1);
    length = sizeof address.un;
    unlink(argv[1]);
  } else if (fd >= 0) {
    address.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(argv[1]))};
    length = sizeof address.v6;
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  } else {
    fd = socket(AF_INET, SOCK_STREAM, 0);
    address.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    length = sizeof address.v4;
  }
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, &address.any, length) != 0 || listen(fd, 16) != 0) {
    put_format(2, "listen: %s\n", errno_name(errno));
    return 1;
  }
  put_text(1, "listening\n");
  for (;;) {
    int peer = accept(fd, NULL, NULL);
    if (peer < 0) continue;
    if (fork() == 0) {
      if (argc > 3) {
        char question[4096];
        if (read(peer, question, sizeof question) > 0) put_text(peer, argv[2]);
        _exit(0);
      }
      if (argc > 2) put_text(peer, argv[2]);
      copy_file(peer, peer);
      _exit(0);
    }
    close(peer);
  }
}

int run_connect(int argc, char **argv) {
  if (argc < 3) return 2;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  int unknown = getaddrinfo(argv[1], argv[2], &hints, &found);
  if (unknown) { put_format(2, "connect: %s\n", gai_strerror(unknown)); return 1; }
  struct timeval patience = {.tv_sec = 3};
  for (struct addrinfo *each = found; each; each = each->ai_next) {
    int fd = socket(each->ai_family, SOCK_STREAM, 0);
    if (fd < 0) continue;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, each->ai_addr, each->ai_addrlen) != 0) { close(fd); continue; }
    if (argc > 3) put_text(fd, argv[3]);
    shutdown(fd, SHUT_WR);
    return copy_file(fd, 1);
  }
  put_format(2, "connect: %s\n", errno_name(errno));
  return 1;
}

static int by_text(const void *one, const void *other) { return strcmp(one, other); }

int run_resolve(int argc, char **argv) {
  if (argc < 2) return 2;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  if (getaddrinfo(argv[1], NULL, &hints, &found)) return 1;
  char lines[32][INET6_ADDRSTRLEN];
  int count = 0;
  for (struct addrinfo *each = found; each && count < 32; each = each->ai_next) {
    const void *address = each->ai_family == AF_INET ? (void *)&((struct sockaddr_in *)each->ai_addr)->sin_addr
                                                     : (void *)&((struct sockaddr_in6 *)each->ai_addr)->sin6_addr;
    inet_ntop(each->ai_family, address, lines[count++], INET6_ADDRSTRLEN);
  }
  qsort(lines, (size_t)count, sizeof *lines, by_text);
  for (int i = 0; i < count; i++) put_format(1, "%s\n", lines[i]);
  return 0;
}

static int prefix_of(const struct sockaddr *mask) {
  const unsigned char *bytes = mask->sa_family == AF_INET ? (const unsigned char *)&((const struct sockaddr_in *)mask)->sin_addr
                                                          : (const unsigned char *)&((const struct sockaddr_in6 *)mask)->sin6_addr;
  int length = mask->sa_family == AF_INET ? 4 : 16, bits = 0;
  for (int i = 0; i < length; i++) bits += __builtin_popcount(bytes[i]);
  return bits;
}

// "eth0 02:42:ac:11:00:02 172.17.0.2/16": one line per interface, sorted.
int run_interfaces(int argc, char **argv) {
  (void)argc; (void)argv;
  struct ifaddrs *all;
  char names[32][IFNAMSIZ] = {0};
  int count = 0;
  if (getifaddrs(&all) != 0) return complain_about("interfaces", "all");
  for (struct ifaddrs *each = all; each && count < 32; each = each->ifa_next)
    if (each->ifa_addr && each->ifa_addr->sa_family == AF_PACKET) strncpy(names[count++], each->ifa_name, IFNAMSIZ - 1);
  qsort(names, (size_t)count, sizeof *names, by_text);
  for (int i = 0; i < count; i++) {
    char mac[18] = "", addresses[1024] = "";
    for (struct ifaddrs *each = all; each; each = each->ifa_next) {
      if (!each->ifa_addr || strcmp(each->ifa_name, names[i])) continue;
      int family = each->ifa_addr->sa_family;
      if (family == AF_PACKET) {
        const unsigned char *at = ((struct sockaddr_ll *)each->ifa_addr)->sll_addr;
        snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", at[0], at[1], at[2], at[3], at[4], at[5]);
      } else if (family == AF_INET || family == AF_INET6) {
        char text[INET6_ADDRSTRLEN];
        const void *address = family == AF_INET ? (void *)&((struct sockaddr_in *)each->ifa_addr)->sin_addr
                                                : (void *)&((struct sockaddr_in6 *)each->ifa_addr)->sin6_addr;
        inet_ntop(family, address, text, sizeof text);
        size_t used = strlen(addresses);
        snprintf(addresses + used, sizeof addresses - used, "%s%s/%d", used ? "," : "", text, prefix_of(each->ifa_netmask));
      }
    }
    put_format(1, "%s %s %s\n", names[i], mac, addresses);
  }
  return 0;
}
