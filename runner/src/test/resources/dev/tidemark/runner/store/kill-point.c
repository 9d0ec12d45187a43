/*
 * kill-point N ROOT LOG COMMAND...
 *
 * Runs COMMAND, counts the system calls by which any thread of it is about to change what is in the directory ROOT, and kills it by
 * SIGKILL before the N-th of them takes effect; 0 never does. LOG gets a line for each. Ends as the command has: with its exit code, or
 * with 128 and the signal. 77: this machine has not what it takes. 99: the command changes files in a way that is not counted.
 *
 * The kernel hands each such call over (SECCOMP_RET_USER_NOTIF) and lets the thread wait until it is told to go on: so there is one
 * order and one count for all threads, each call that changes a file waits for the one before to be let through, and what the command was
 * told is not changed. A tracer would do the same at a multiple of the cost, and strace counts for each thread apart.
 *
 * A sync is not counted: it changes nothing that a killed process leaves behind.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "the number of this machine is not known here"
#endif

enum { NO_MEANS = 77, NOT_COUNTED = 99 };

/* Where a call names the file that it changes: as a descriptor, as a path, as a path from a directory; twice; or only if it is told to. */
enum shape { FD, PATH, AT, PATHS, ATS, OPEN, OPENAT, OPENAT2, MAP, RING };

struct call {
  int number;
  const char *name;
  enum shape shape;
  int argument; /* of the file that is changed */
};

#define CALL(name, shape, argument) {SYS_##name, #name, shape, argument}

static const struct call CALLS[] = {
    CALL(write, FD, 0),
    CALL(pwrite64, FD, 0),
    CALL(writev, FD, 0),
    CALL(pwritev, FD, 0),
    CALL(pwritev2, FD, 0),
    CALL(ftruncate, FD, 0),
    CALL(fallocate, FD, 0),
    CALL(fchmod, FD, 0),
    CALL(fchown, FD, 0),
    CALL(copy_file_range, FD, 2),
    CALL(sendfile, FD, 0),
    CALL(splice, FD, 2),
    CALL(truncate, PATH, 0),
    CALL(openat, OPENAT, 0),
    CALL(openat2, OPENAT2, 0),
    CALL(mkdirat, AT, 0),
    CALL(unlinkat, AT, 0),
    CALL(fchmodat, AT, 0),
    CALL(fchownat, AT, 0),
    CALL(mknodat, AT, 0),
    CALL(utimensat, AT, 0),
    CALL(symlinkat, AT, 1),
    CALL(renameat2, ATS, 0),
    CALL(linkat, ATS, 0),
#ifdef SYS_renameat
    CALL(renameat, ATS, 0),
#endif
#ifdef SYS_fchmodat2
    CALL(fchmodat2, AT, 0),
#endif
#ifdef SYS_open
    CALL(open, OPEN, 0),
    CALL(creat, PATH, 0),
    CALL(rename, PATHS, 0),
    CALL(link, PATHS, 0),
    CALL(symlink, PATH, 1),
    CALL(unlink, PATH, 0),
    CALL(rmdir, PATH, 0),
    CALL(mkdir, PATH, 0),
    CALL(mknod, PATH, 0),
    CALL(chmod, PATH, 0),
    CALL(chown, PATH, 0),
    CALL(lchown, PATH, 0),
#endif
    /* What these lead to could not be counted. */
    CALL(mmap, MAP, 4),
    CALL(io_uring_setup, RING, 0),
};

enum { COUNT = sizeof CALLS / sizeof CALLS[0] };

static const char *root;
static pid_t command;

static void fail(int code, const char *what) {
  fprintf(stderr, "kill-point: %s: %s\n", what, strerror(errno));
  if (command > 0) {
    kill(command, SIGKILL);
  }
  exit(code);
}

static int install(void) {
  struct sock_filter filter[COUNT + 6];
  int n = 0;
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (int i = 0; i < COUNT; i++) {
    filter[n++] = (struct sock_filter)BPF_JUMP(
        BPF_JMP | BPF_JEQ | BPF_K, (unsigned)CALLS[i].number, (unsigned char)(COUNT - i), 0);
  }
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
  struct sock_fprog program = {.len = (unsigned short)n, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return -1;
  }
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void send_descriptor(int socket, int descriptor) {
  char byte = 0;
  struct iovec part = {.iov_base = &byte, .iov_len = 1};
  char control[CMSG_SPACE(sizeof descriptor)];
  memset(control, 0, sizeof control);
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof descriptor);
  memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  if (sendmsg(socket, &message, 0) != 1) {
    _exit(NO_MEANS);
  }
}

static int receive_descriptor(int socket) {
  char byte;
  int descriptor;
  struct iovec part = {.iov_base = &byte, .iov_len = 1};
  char control[CMSG_SPACE(sizeof descriptor)];
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1 || CMSG_FIRSTHDR(&message) == NULL) {
    return -1;
  }
  memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptor);
  return descriptor;
}

static int link_at(char *to, pid_t thread, const char *what, long number) {
  char name[64];
  if (number >= 0) {
    snprintf(name, sizeof name, "/proc/%d/%s/%ld", thread, what, number);
  } else {
    snprintf(name, sizeof name, "/proc/%d/%s", thread, what);
  }
  ssize_t length = readlink(name, to, PATH_MAX - 1);
  to[length < 0 ? 0 : length] = 0;
  return length > 0;
}

/* A part of a page at a time: what is behind the end of a string need not be there. */
static void read_string(char *to, pid_t thread, uint64_t address) {
  size_t at = 0;
  while (at < PATH_MAX - 1) {
    size_t most = 4096 - (address + at) % 4096;
    if (most > PATH_MAX - 1 - at) {
      most = PATH_MAX - 1 - at;
    }
    struct iovec here = {.iov_base = to + at, .iov_len = most};
    struct iovec there = {.iov_base = (void *)(uintptr_t)(address + at), .iov_len = most};
    ssize_t length = process_vm_readv(thread, &here, 1, &there, 1, 0);
    if (length <= 0) {
      fail(NO_MEANS, "the memory of the command cannot be read");
    }
    if (memchr(to + at, 0, (size_t)length) != NULL) {
      return;
    }
    at += (size_t)length;
  }
  to[at] = 0;
}

static void read_path(char *to, pid_t thread, long directory, uint64_t address) {
  char path[PATH_MAX];
  read_string(path, thread, address);
  if (path[0] == '/') {
    memcpy(to, path, sizeof path);
    return;
  }
  char base[PATH_MAX];
  link_at(base, thread, (int)directory == AT_FDCWD ? "cwd" : "fd", (int)directory == AT_FDCWD ? -1 : (int)directory);
  if (snprintf(to, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    fail(NOT_COUNTED, path);
  }
}

static int is_inside(const char *path) {
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int changes(uint64_t flags) { return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

/* Whether a call changes what is in the directory; its path, or the first of its paths that is there. */
static int is_counted(const struct call *call, const struct seccomp_notif *seen, char *path) {
  const __u64 *arguments = seen->data.args;
  pid_t thread = (pid_t)seen->pid;
  int at = call->argument;
  switch (call->shape) {
  case FD:
    return link_at(path, thread, "fd", (int)arguments[at]) && is_inside(path);
  case PATH:
    read_path(path, thread, AT_FDCWD, arguments[at]);
    return is_inside(path);
  case AT:
    if (arguments[at + 1] == 0) { /* the descriptor itself */
      return link_at(path, thread, "fd", (int)arguments[at]) && is_inside(path);
    }
    read_path(path, thread, (long)arguments[at], arguments[at + 1]);
    return is_inside(path);
  case PATHS:
    read_path(path, thread, AT_FDCWD, arguments[0]);
    if (!is_inside(path)) {
      read_path(path, thread, AT_FDCWD, arguments[1]);
    }
    return is_inside(path);
  case ATS:
    read_path(path, thread, (long)arguments[0], arguments[1]);
    if (!is_inside(path)) {
      read_path(path, thread, (long)arguments[2], arguments[3]);
    }
    return is_inside(path);
  case OPEN:
    if (!changes(arguments[1])) {
      return 0;
    }
    read_path(path, thread, AT_FDCWD, arguments[0]);
    return is_inside(path);
  case OPENAT:
    if (!changes(arguments[2])) {
      return 0;
    }
    read_path(path, thread, (long)arguments[0], arguments[1]);
    return is_inside(path);
  case OPENAT2:
    read_path(path, thread, (long)arguments[0], arguments[1]);
    return is_inside(path); /* whether it changes anything is behind another pointer: once too often does no harm */
  case MAP:
    if ((int)arguments[at] >= 0 && (arguments[2] & PROT_WRITE) != 0 && (arguments[3] & MAP_TYPE) != MAP_PRIVATE
        && link_at(path, thread, "fd", (int)arguments[at]) && is_inside(path)) {
      errno = 0;
      fail(NOT_COUNTED, "a file in the directory is mapped to be written to");
    }
    return 0;
  case RING:
    errno = 0;
    fail(NOT_COUNTED, "files are written to through a ring");
  }
  return 0;
}

static const struct call *find(int number) {
  for (int i = 0; i < COUNT; i++) {
    if (CALLS[i].number == number) {
      return &CALLS[i];
    }
  }
  return NULL;
}

/* Until the command has ended, or is killed. */
static void watch(int listener, long kill_before, FILE *log) {
  struct seccomp_notif_sizes sizes;
  if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) {
    fail(NO_MEANS, "seccomp");
  }
  size_t room = sizes.seccomp_notif > sizeof(struct seccomp_notif) ? sizes.seccomp_notif : sizeof(struct seccomp_notif);
  struct seccomp_notif *seen = calloc(1, room);
  if (seen == NULL) {
    fail(NO_MEANS, "memory");
  }
  long count = 0;
  for (;;) {
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    if (poll(&ready, 1, -1) < 0 && errno != EINTR) {
      fail(NO_MEANS, "poll");
    }
    if ((ready.revents & POLLIN) == 0) {
      if ((ready.revents & (POLLHUP | POLLERR)) != 0) {
        break;
      }
      continue;
    }
    memset(seen, 0, room);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, seen) != 0) {
      continue; /* the thread was gone before it was heard */
    }
    char path[PATH_MAX] = "";
    const struct call *call = find(seen->data.nr);
    if (call != NULL && is_counted(call, seen, path)) {
      count++;
      fprintf(log, "%ld %s %s\n", count, call->name, path);
      fflush(log);
      if (count == kill_before) {
        kill(command, SIGKILL);
        fprintf(log, "killed\n");
        break;
      }
    }
    struct seccomp_notif_resp go = {.id = seen->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &go) != 0 && errno != ENOENT) {
      fail(NO_MEANS, "a call cannot be let through");
    }
  }
  free(seen);
}

int main(int count, char **arguments) {
  if (count < 5) {
    fprintf(stderr, "kill-point N ROOT LOG COMMAND...\n");
    return 2;
  }
  root = arguments[2];
  FILE *log = fopen(arguments[3], "we");
  int sockets[2];
  if (log == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    fail(NO_MEANS, arguments[3]);
  }
  pid_t child = fork();
  if (child < 0) {
    fail(NO_MEANS, "fork");
  }
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int listener = install();
    if (listener < 0) {
      fail(NO_MEANS, "seccomp");
    }
    send_descriptor(sockets[1], listener);
    close(listener);
    execvp(arguments[4], arguments + 4);
    fail(NO_MEANS, arguments[4]);
  }
  command = child;
  close(sockets[1]);
  int listener = receive_descriptor(sockets[0]);
  if (listener >= 0) {
    watch(listener, atol(arguments[1]), log);
  }
  /* Not closed before the command is dead: calls that wait would fail, and it would go on. */
  int status;
  if (waitpid(child, &status, 0) != child) {
    fail(NO_MEANS, "waitpid");
  }
  fclose(log);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
