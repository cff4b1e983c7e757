/* Other programs, their time, memory and first frame. */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SILENCE 250             /* milliseconds that end a frame */
#define PATIENCE 5000

static void exec_shell(const char *command)
{
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void collect(int fd, char *text, size_t size)
{
	char more[4096];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, more, sizeof more)) > 0)
		for (ssize_t i = 0; i < got && n + 1 < size; i++)
			text[n++] = more[i];
	text[n] = '\0';
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + 1e-6 * (double)t->tv_usec;
}

void run_child(const char *command, bool loud, struct child *c)
{
	double start = wall_now();
	struct rusage used;
	int out[2], status;
	pid_t pid;

	*c = (struct child) { NAN, NAN, NAN, "" };
	if (pipe(out) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		if (!loud)
			dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		exec_shell(command);
	}
	close(out[1]);
	collect(out[0], c->text, sizeof c->text);
	close(out[0]);
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0 || status != 0)
		return;
	c->cpu = seconds(&used.ru_utime) + seconds(&used.ru_stime);
	c->wall = wall_now() - start;
	c->memory = 1024.0 * (double)used.ru_maxrss;
}

/* --- terminals ---------------------------------------------------------- */

static int open_terminal(char *name, size_t size)
{
	struct winsize w = { .ws_row = 40, .ws_col = 120 };
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 ||
	    ptsname_r(fd, name, size) != 0 || ioctl(fd, TIOCSWINSZ, &w) < 0)
		return -1;
	return fd;
}

static void exec_on(const char *terminal, const char *command)
{
	int fd;

	setsid();
	fd = open(terminal, O_RDWR);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	setenv("TERM", "xterm-256color", 1);
	exec_shell(command);
}

/* When the last byte before the silence came; NAN: none did. */
static double watch(int fd, double start)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	double last = NAN;
	char bytes[65536];

	while (poll(&p, 1, isnan(last) ? PATIENCE : SILENCE) > 0) {
		if (read(fd, bytes, sizeof bytes) <= 0)
			break;
		last = wall_now() - start;
	}
	return last;
}

double first_frame(const char *command)
{
	char name[128];
	int fd = open_terminal(name, sizeof name);
	double start = wall_now(), frame;
	pid_t pid = fd < 0 ? -1 : fork();

	if (pid < 0)
		return NAN;
	if (pid == 0) {
		close(fd);
		exec_on(name, command);
	}
	frame = watch(fd, start);
	kill(pid, SIGTERM);
	close(fd);
	waitpid(pid, NULL, 0);
	return frame;
}
