/* Stands between a process and its C library (LD_PRELOAD): counts the calls that change files below one folder, and lets the
   n-th fail, or tells the process of it. So that a disk is full, or a build cancelled, at every such call and not by luck. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX];
static atomic_long calls, target = -1;
static int code, stays;
static void (*notify)(void);

/* From now on: the n-th call (from 0) fails with the error, and all after it if it stays; or notifies. */
void fault_set(const char *folder, long n, int error, int persists, void (*callback)(void))
{
    target = -1;
    snprintf(root, sizeof root, "%s", folder);
    code = error, stays = persists, notify = callback;
    calls = 0;
    target = n;
}

long fault_count(void) { return calls; }

static int hit(const char *path)
{
    if (!root[0] || !path || strncmp(path, root, strlen(root)) != 0)
        return 0;
    long n = atomic_fetch_add(&calls, 1), wanted = target;
    if (wanted < 0 || n < wanted || (n > wanted && !stays))
        return 0;
    if (notify) {
        notify();
        return 0;
    }
    errno = code;
    return 1;
}

static int hit_file(int file)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return hit(path);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        va_list list; \
        va_start(list, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        REAL(name); \
        return flags & O_CREAT && hit(path) ? -1 : real(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)

#define ON_FILE(name, type, parameters, arguments) \
    type name parameters \
    { \
        REAL(name); \
        return hit_file(file) ? -1 : real arguments; \
    }

ON_FILE(write, ssize_t, (int file, const void *bytes, size_t count), (file, bytes, count))
ON_FILE(pwrite, ssize_t, (int file, const void *bytes, size_t count, off_t at), (file, bytes, count, at))
ON_FILE(pwrite64, ssize_t, (int file, const void *bytes, size_t count, off64_t at), (file, bytes, count, at))
ON_FILE(pwritev, ssize_t, (int file, const struct iovec *parts, int count, off_t at), (file, parts, count, at))
ON_FILE(pwritev64, ssize_t, (int file, const struct iovec *parts, int count, off64_t at), (file, parts, count, at))
ON_FILE(ftruncate, int, (int file, off_t length), (file, length))
ON_FILE(ftruncate64, int, (int file, off64_t length), (file, length))
ON_FILE(fsync, int, (int file), (file))

#define ON_PATH(name, parameters, arguments) \
    int name parameters \
    { \
        REAL(name); \
        return hit(path) ? -1 : real arguments; \
    }

ON_PATH(rename, (const char *path, const char *to), (path, to))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
