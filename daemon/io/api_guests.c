#include "io/api_guests.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include "base/mem.h"

void guests_free(struct guests *g)
{
	free(g->at);
	*g = (struct guests){ 0 };
}

static bool inode_of(int fd, ino_t *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	*ret = st.st_ino;
	return true;
}

static int64_t uid_of(int fd)
{
	struct ucred cred;
	socklen_t n = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) < 0 || cred.uid == (uid_t)-1)
		return -1;
	return (int64_t)cred.uid;
}

bool guests_enter(struct guests *g, int fd, int64_t until)
{
	struct guest guest = { .fd = fd, .until = until };
	int i;

	if (fd < 0 || !inode_of(fd, &guest.inode))
		return false;
	guest.uid = uid_of(fd);
	for (i = 0; i < g->n; i++) /* the descriptor's last owner has gone unnoticed */
		if (g->at[i].fd == fd)
			g->at[i--] = g->at[--g->n];
	if (g->n == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 16;
		g->at = xrealloc(g->at, (size_t)g->cap * sizeof(*g->at));
	}
	g->at[g->n++] = guest;
	return true;
}

void guests_served(struct guests *g, int fd, int64_t until)
{
	int i;

	for (i = 0; i < g->n; i++)
		if (g->at[i].fd == fd && !g->at[i].showing_out)
			g->at[i].until = until;
}

/* What has arrived and was not read yet is thrown away: shutdown() leaves it readable, and a
 * request that is carried out must get its answer. */
static void show_out(struct guest *g)
{
	char rest[4096];

	shutdown(g->fd, SHUT_RDWR);
	while (recv(g->fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		continue;
	g->showing_out = true;
}

int guests_sweep(struct guests *g, int64_t now)
{
	ino_t inode;
	int i;

	for (i = 0; i < g->n; i++) {
		struct guest *at = &g->at[i];

		if (!inode_of(at->fd, &inode) || inode != at->inode) {
			*at = g->at[--g->n];
			i--;
		} else if (at->until <= now && !at->showing_out) {
			show_out(at);
		}
	}
	return g->n;
}

int guests_of_uid(const struct guests *g, int64_t uid)
{
	int i, n = 0;

	for (i = 0; i < g->n; i++)
		n += g->at[i].uid == uid;
	return n;
}

int64_t guests_next(const struct guests *g)
{
	int64_t next = 0;
	int i;

	for (i = 0; i < g->n; i++)
		if (!g->at[i].showing_out && (!next || g->at[i].until < next))
			next = g->at[i].until;
	return next;
}
