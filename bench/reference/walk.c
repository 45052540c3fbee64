// walk: what learning the size of every entry below a directory must cost.
//
//     walk [-x] [-t THREADS] DIR
//
// The directory is read as fast as this kernel lets two threads do it, and
// nothing is kept but totals: getdents64 into a large buffer, fstatat of each
// name beside the open directory, directories handed out to whoever is idle, and
// what one getdents64 call returns cut into pieces where it is large, so that a
// flat directory is shared as well. With -x each entry's extended attributes are
// listed, too (listxattrat, Linux 6.13), which is what a program must ask that
// sends the entry.
//
// cc -O2 -pthread walk.c -o walk

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_listxattrat
#define SYS_listxattrat 465
#endif

enum { MAX_THREADS = 64, BUFFER = 256 * 1024, PIECE = 8 * 1024 };

struct record { // of getdents64
    unsigned long inode;
    long offset;
    unsigned short length;
    unsigned char kind;
    char name[];
};

// An open directory of which pieces are still to be looked at.
struct shared {
    int fd;
    atomic_int users;
};

// A directory to read, named by its path; or, where records is set, a piece of
// what was read of one.
struct job {
    struct shared *shared;
    char *records;
    long length;
    char path[];
};

struct totals {
    long files, directories, bytes, attributed, errors;
};

static struct worker {
    pthread_mutex_t lock;
    struct job **stack; // the owner takes from the end, thieves from the front
    long first, end, room;
    struct totals totals;
    char padding[128]; // no two workers in one cache line
} workers[MAX_THREADS];

static int threads = 2, attributes;
static atomic_long pending;

static void push(struct worker *w, struct job *j)
{
    atomic_fetch_add(&pending, 1);
    pthread_mutex_lock(&w->lock);
    if (w->end == w->room) {
        long n = w->end - w->first;
        if (w->first < w->room / 2 || w->room == 0) {
            w->room = w->room ? 2 * w->room : 1024;
            struct job **larger = malloc(w->room * sizeof *larger);
            memcpy(larger, w->stack + w->first, n * sizeof *larger);
            free(w->stack);
            w->stack = larger;
        } else {
            memmove(w->stack, w->stack + w->first, n * sizeof *w->stack);
        }
        w->first = 0;
        w->end = n;
    }
    w->stack[w->end++] = j;
    pthread_mutex_unlock(&w->lock);
}

// take returns a job of w's: the last for the owner, the first for a thief.
static struct job *take(struct worker *w, int owner)
{
    struct job *j = NULL;
    pthread_mutex_lock(&w->lock);
    if (w->end > w->first)
        j = owner ? w->stack[--w->end] : w->stack[w->first++];
    pthread_mutex_unlock(&w->lock);
    return j;
}

static struct job *next(int self)
{
    struct job *j = take(&workers[self], 1);
    for (int i = 1; j == NULL && i < threads; i++)
        j = take(&workers[(self + i) % threads], 0);
    return j;
}

static int is_dot(const char *name)
{
    return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static void look(struct totals *t, int fd, const char *name)
{
    struct stat s;
    char list[4096];
    if (attributes && syscall(SYS_listxattrat, fd, name, AT_SYMLINK_NOFOLLOW, list, sizeof list) > 0)
        t->attributed++;
    if (fstatat(fd, name, &s, AT_SYMLINK_NOFOLLOW) != 0) {
        t->errors++;
        return;
    }
    t->bytes += s.st_size;
    t->files++;
}

static void look_at_all(struct worker *w, int fd, char *records, long length)
{
    for (long at = 0; at < length;) {
        struct record *r = (struct record *)(records + at);
        at += r->length;
        if (r->kind != DT_DIR)
            look(&w->totals, fd, r->name);
    }
}

static void push_directories(struct worker *w, const char *path, char *records, long length)
{
    size_t above = strlen(path);
    for (long at = 0; at < length;) {
        struct record *r = (struct record *)(records + at);
        at += r->length;
        if (r->kind != DT_DIR || is_dot(r->name))
            continue;
        w->totals.directories++;
        size_t n = strlen(r->name);
        struct job *j = calloc(1, sizeof *j + above + 1 + n + 1);
        memcpy(j->path, path, above);
        j->path[above] = '/';
        memcpy(j->path + above + 1, r->name, n);
        push(w, j);
    }
}

static void push_pieces(struct worker *w, struct shared *s, char *records, long length)
{
    for (long at = 0; at < length;) {
        long from = at;
        while (at < length && at - from < PIECE)
            at += ((struct record *)(records + at))->length;
        struct job *j = calloc(1, sizeof *j + 1);
        j->shared = s;
        j->length = at - from;
        j->records = malloc(j->length);
        memcpy(j->records, records + from, j->length);
        atomic_fetch_add(&s->users, 1);
        push(w, j);
    }
}

static void release(struct shared *s)
{
    if (atomic_fetch_sub(&s->users, 1) == 1) {
        close(s->fd);
        free(s);
    }
}

static void read_directory(struct worker *w, const char *path, char *buffer)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        w->totals.errors++;
        return;
    }
    struct shared *s = NULL;
    for (;;) {
        long n = syscall(SYS_getdents64, fd, buffer, BUFFER);
        if (n <= 0)
            break;
        push_directories(w, path, buffer, n);
        if (n <= PIECE || threads == 1) {
            look_at_all(w, fd, buffer, n);
            continue;
        }
        if (s == NULL) {
            s = malloc(sizeof *s);
            s->fd = fd;
            atomic_init(&s->users, 1);
        }
        push_pieces(w, s, buffer, n);
    }
    if (s != NULL)
        release(s);
    else
        close(fd);
}

static void *work(void *self)
{
    struct worker *w = &workers[(long)self];
    char *buffer = malloc(BUFFER);
    for (int idle = 0;;) {
        struct job *j = next((long)self);
        if (j == NULL) {
            if (atomic_load(&pending) == 0)
                break;
            if (++idle < 50)
                sched_yield();
            else
                usleep(30);
            continue;
        }
        idle = 0;
        if (j->records != NULL) {
            look_at_all(w, j->shared->fd, j->records, j->length);
            free(j->records);
            release(j->shared);
        } else {
            read_directory(w, j->path, buffer);
        }
        free(j);
        atomic_fetch_sub(&pending, 1);
    }
    free(buffer);
    return NULL;
}

int main(int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "xt:")) != -1) {
        if (option == 'x')
            attributes = 1;
        else if (option == 't')
            threads = atoi(optarg);
    }
    if (optind != argc - 1 || threads < 1 || threads > MAX_THREADS) {
        fprintf(stderr, "usage: walk [-x] [-t THREADS] DIR\n");
        return 2;
    }
    for (int i = 0; i < threads; i++)
        pthread_mutex_init(&workers[i].lock, NULL);
    struct job *root = calloc(1, sizeof *root + strlen(argv[optind]) + 1);
    strcpy(root->path, argv[optind]);
    push(&workers[0], root);
    pthread_t thread[MAX_THREADS];
    for (long i = 1; i < threads; i++)
        pthread_create(&thread[i], NULL, work, (void *)i);
    work(0);
    struct totals sum = workers[0].totals;
    for (int i = 1; i < threads; i++) {
        pthread_join(thread[i], NULL);
        sum.files += workers[i].totals.files;
        sum.directories += workers[i].totals.directories;
        sum.bytes += workers[i].totals.bytes;
        sum.attributed += workers[i].totals.attributed;
        sum.errors += workers[i].totals.errors;
    }
    printf("files %ld directories %ld bytes %ld with attributes %ld errors %ld\n",
           sum.files, sum.directories, sum.bytes, sum.attributed, sum.errors);
    return 0;
}
