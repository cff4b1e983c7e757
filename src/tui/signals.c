/*
 * The one place with state of its own in src/tui: a handler can reach nothing
 * but static storage.
 */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/banned.h"

static const int caught[] = {
	SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE,
};
#define CAUGHT ((int)(sizeof caught / sizeof *caught))

static volatile sig_atomic_t came[CAUGHT];
static struct sigaction before[CAUGHT];
static int wake[2] = { -1, -1 };

static void handler(int sig)
{
	int saved = errno;
	ssize_t n;

	for (int i = 0; i < CAUGHT; i++)
		if (caught[i] == sig)
			came[i] = 1;
	n = write(wake[1], "", 1);      /* a full pipe wakes as well */
	(void)n;
	errno = saved;
}

static void catch(int i)
{
	struct sigaction sa = { .sa_handler = handler };

	sigemptyset(&sa.sa_mask);
	/* no SA_RESTART: a blocked write to a dead terminal must end */
	if (caught[i] == SIGPIPE)
		sa.sa_handler = SIG_IGN;
	sigaction(caught[i], &sa, NULL);
}

bool signals_open(struct err *err)
{
	if (pipe2(wake, O_NONBLOCK | O_CLOEXEC))
		return err_add(err, ERR_IO, "cannot make a pipe: %s",
		               strerror(errno));
	for (int i = 0; i < CAUGHT; i++) {
		came[i] = 0;
		sigaction(caught[i], NULL, &before[i]);
		/* nohup and background jobs asked for silence: keep it */
		if (before[i].sa_handler != SIG_IGN)
			catch(i);
	}
	return true;
}

void signals_close(void)
{
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	close(wake[0]);
	close(wake[1]);
	wake[0] = wake[1] = -1;
}

int signals_fd(void)
{
	return wake[0];
}

static bool take(int sig)
{
	for (int i = 0; i < CAUGHT; i++)
		if (caught[i] == sig && came[i]) {
			came[i] = 0;
			return true;
		}
	return false;
}

struct signals signals_take(void)
{
	struct signals s = { 0, false, false, false };
	char drain[64];

	while (read(wake[0], drain, sizeof drain) > 0)
		;
	for (int i = 0; i < 4 && !s.end; i++)
		if (take(caught[i]))
			s.end = caught[i];
	s.stop = take(SIGTSTP);
	s.resumed = take(SIGCONT);
	s.resized = take(SIGWINCH);
	return s;
}

static void raise_default(int sig)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t set;

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}

void signals_die(int sig)
{
	raise_default(sig);
	_exit(128 + sig);
}

void signals_stop(void)
{
	raise_default(SIGTSTP);
	for (int i = 0; i < CAUGHT; i++)
		if (caught[i] == SIGTSTP)
			catch(i);
}
