/* Sockets and connections of the local server: making, accepting, capping, showing out. */
#include "io/api_private.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <netinet/in.h>
#include "base/mem.h"
#include "base/now.h"
#include "base/str.h"

#define BACKLOG 128
#define LOOK_AGAIN_MS 100 /* while full or out of descriptors */
#define HEADERS_MAX 16384 /* bytes of a request's head */
#define BODY_SLACK 2 /* up to so many times body_max is read, to answer 413 properly */

static void arm(struct door *door)
{
	int64_t now = now_mono_ms(), next = guests_next(&door->guests), wait;
	struct timeval tv;

	if (door->closed)
		next = now + LOOK_AGAIN_MS;
	if (!next) {
		evtimer_del(door->deadline);
		return;
	}
	wait = next > now ? next - now : 0;
	tv = (struct timeval){ .tv_sec = wait / 1000, .tv_usec = (wait % 1000) * 1000 };
	evtimer_add(door->deadline, &tv);
}

static bool full(const struct door *door)
{
	return door->guests.n + door->n_newcomers >= door->api->limits.connections;
}

static void close_door(struct door *door)
{
	door->closed = true;
	if (door->listener)
		evconnlistener_disable(door->listener);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct door *door = arg;

	(void)fd;
	(void)what;
	guests_sweep(&door->guests, now_mono_ms());
	if (door->closed && door->listener && !door->api->stopping && !full(door)) {
		door->closed = evconnlistener_enable(door->listener) < 0; /* no memory: later */
	}
	arm(door);
}

/* evhttp has given the newcomers their descriptors by now. */
static void on_settle(evutil_socket_t none, short what, void *arg)
{
	struct door *door = arg;
	int64_t now = now_mono_ms();
	int i, fd, share = (door->api->limits.connections + 1) / 2;

	(void)none;
	(void)what;
	for (i = 0; i < door->n_newcomers; i++) {
		struct guest *guest;

		fd = bufferevent_getfd(door->newcomers[i]);
		if (!guests_enter(&door->guests, fd, now + door->api->limits.client_timeout))
			continue;
		guest = &door->guests.at[door->guests.n - 1];
		if (guest->uid > 0 && guests_of_uid(&door->guests, guest->uid) > share)
			guest->until = now; /* more than its share */
	}
	door->n_newcomers = 0;
	guests_sweep(&door->guests, now);
	if (full(door))
		close_door(door);
	arm(door);
}

static struct bufferevent *on_accept(struct event_base *base, void *arg)
{
	struct door *door = arg;
	struct bufferevent *bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	if (!bev)
		abort();
	if (door->n_newcomers == door->cap_newcomers) {
		door->cap_newcomers = door->cap_newcomers ? 2 * door->cap_newcomers : 16;
		door->newcomers = xrealloc(door->newcomers,
			(size_t)door->cap_newcomers * sizeof(struct bufferevent *));
	}
	door->newcomers[door->n_newcomers++] = bev;
	if (full(door))
		close_door(door);
	event_active(door->settle, EV_TIMEOUT, 0);
	return bev;
}

static void on_accept_error(struct evconnlistener *listener, void *arg);

static void on_room_again(evutil_socket_t fd, short what, void *listener)
{
	(void)fd;
	(void)what;
	if (evconnlistener_enable(listener) < 0)
		on_accept_error(listener, NULL);
}

/* accept() failed: out of descriptors, most likely. libevent would try again at once, for ever.
 * arg is evhttp's, so the listener is all there is to work with; it outlives every loop. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct timeval tv = { .tv_usec = LOOK_AGAIN_MS * 1000 };

	(void)arg;
	evconnlistener_disable(listener);
	if (event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT, on_room_again,
		    listener, &tv) < 0)
		evconnlistener_enable(listener);
}

void door_served(struct door *door, int fd)
{
	guests_served(&door->guests, fd, now_mono_ms() + door->api->limits.client_timeout);
}

void door_free(struct door *door)
{
	if (door->http)
		evhttp_free(door->http); /* its listener and connections go with it */
	if (door->settle)
		event_free(door->settle);
	if (door->deadline)
		event_free(door->deadline);
	if (door->path)
		unlink(door->path);
	mem_free(door->path);
	guests_free(&door->guests);
	free(door->newcomers);
	free(door);
}

void door_limit(struct door *door)
{
	evhttp_set_max_body_size(door->http, (ev_ssize_t)(BODY_SLACK * door->api->limits.body_max));
}

static struct door *door_new(struct api *api, enum api_surface surface)
{
	struct door *door = xcalloc(1, sizeof(*door));

	door->api = api;
	door->surface = surface;
	door->http = evhttp_new(api->base);
	door->settle = event_new(api->base, -1, 0, on_settle, door);
	door->deadline = evtimer_new(api->base, on_deadline, door);
	if (!door->http || !door->settle || !door->deadline)
		abort();
	evhttp_set_bevcb(door->http, on_accept, door);
	evhttp_set_gencb(door->http, api_on_request, door);
	evhttp_set_max_headers_size(door->http, HEADERS_MAX);
	door_limit(door);
	evhttp_set_flags(door->http, EVHTTP_SERVER_LINGERING_CLOSE);
	evhttp_set_default_content_type(door->http, NULL);
	evhttp_set_allowed_methods(door->http,
		EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
			EVHTTP_REQ_HEAD);
	return door;
}

int api_listen_fd(struct api *api, enum api_surface surface, int fd, struct fault *reterr)
{
	struct door *door = door_new(api, surface);

	evutil_make_socket_nonblocking(fd);
	evutil_make_socket_closeonexec(fd);
	door->listener = evconnlistener_new(
		api->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (!door->listener || !evhttp_bind_listener(door->http, door->listener)) {
		door_free(door);
		return fault_set(reterr, FAULT_SYSTEM,
			"libevent cannot listen on descriptor %d: %s", fd, strerror(errno));
	}
	/* libevent does not say when it could not watch the socket: a deaf one is worse than none
	 */
	if (evconnlistener_enable(door->listener) < 0) {
		door_free(door);
		return fault_set(reterr, FAULT_SYSTEM,
			"no room in the kernel to watch descriptor %d: %s", fd, strerror(errno));
	}
	evconnlistener_set_error_cb(door->listener, on_accept_error);
	door->next = api->doors;
	api->doors = door;
	return 0;
}

static int unix_address(const char *path, struct sockaddr_un *ret, struct fault *reterr)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(ret->sun_path))
		return fault_set(reterr, FAULT_CONFIG,
			"socket path %s is too long: at most %zu bytes; choose a shorter one", path,
			sizeof(ret->sun_path) - 1);
	memcpy(ret->sun_path, path, strlen(path) + 1);
	return 0;
}

/* Clear the way for a new socket: only a dead socket may be removed. */
static int clear_path(const char *path, const struct sockaddr_un *addr, struct fault *reterr)
{
	struct stat st;
	int fd, alive;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0
				       : fault_set(reterr, FAULT_SYSTEM, "cannot look at %s: %s",
						 path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return fault_set(reterr, FAULT_CONFIG,
			"%s exists and is not a socket; move it away or configure another path",
			path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault_set(reterr, FAULT_SYSTEM, "socket: %s", strerror(errno));
	alive = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 || errno == EAGAIN;
	close(fd);
	if (alive)
		return fault_set(reterr, FAULT_CONFLICT,
			"another process already serves %s; stop it first (systemctl stop "
			"opbridged)",
			path);
	if (unlink(path) < 0)
		return fault_set(reterr, FAULT_SYSTEM, "cannot remove the dead socket %s: %s", path,
			strerror(errno));
	return 0;
}

static int own_by_group(const char *path, const char *group, struct fault *reterr)
{
	struct group *gr;

	if (!*group)
		return 0;
	gr = getgrnam(group);
	if (!gr)
		return fault_set(reterr, FAULT_CONFIG,
			"intake.group: there is no group \"%s\"; make it (groupadd --system %s) or "
			"set "
			"intake.group to another",
			group, group);
	if (chown(path, (uid_t)-1, gr->gr_gid) < 0)
		return fault_set(reterr, FAULT_SYSTEM, "cannot give %s to group %s: %s", path,
			group, strerror(errno));
	return 0;
}

static int bind_unix(int fd, const char *path, const struct sockaddr_un *addr, mode_t mode,
	const char *group, struct fault *reterr)
{
	mode_t old = umask(0177); /* nobody may connect before mode and group are right */
	int r = bind(fd, (const struct sockaddr *)addr, sizeof(*addr));

	umask(old);
	if (r < 0)
		return fault_set(reterr, FAULT_SYSTEM, "cannot make the socket %s: %s%s", path,
			strerror(errno), errno == ENOENT ? "; its directory does not exist" : "");
	r = own_by_group(path, group, reterr);
	if (r < 0)
		return r;
	if (chmod(path, mode) < 0)
		return fault_set(reterr, FAULT_SYSTEM, "cannot set the mode of %s: %s", path,
			strerror(errno));
	if (listen(fd, BACKLOG) < 0)
		return fault_set(
			reterr, FAULT_SYSTEM, "cannot listen on %s: %s", path, strerror(errno));
	return 0;
}

int api_listen_unix(struct api *api, enum api_surface surface, const char *path, mode_t mode,
	const char *group, struct fault *reterr)
{
	struct sockaddr_un addr;
	int fd, r;

	r = unix_address(path, &addr, reterr);
	if (r < 0)
		return r;
	r = clear_path(path, &addr, reterr);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fault_set(reterr, FAULT_SYSTEM, "socket: %s", strerror(errno));
	r = bind_unix(fd, path, &addr, mode, group, reterr);
	if (r < 0) {
		close(fd);
		return r;
	}
	r = api_listen_fd(api, surface, fd, reterr);
	if (r == 0)
		api->doors->path = xstrdup(path);
	return r;
}

int api_listen_tcp(struct api *api, const char *where, struct fault *reterr)
{
	struct sockaddr_storage addr;
	int len = sizeof(addr), fd, one = 1;

	if (evutil_parse_sockaddr_port(where, (struct sockaddr *)&addr, &len) < 0)
		return fault_set(reterr, FAULT_CONFIG,
			"intake.metrics_listen: \"%s\" is not ADDRESS:PORT", where);
	fd = socket(addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fault_set(reterr, FAULT_SYSTEM, "socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, (socklen_t)len) < 0 || listen(fd, BACKLOG) < 0) {
		fault_set(reterr, FAULT_SYSTEM, "cannot listen on %s: %s", where, strerror(errno));
		close(fd);
		return -FAULT_SYSTEM;
	}
	return api_listen_fd(api, API_METRICS, fd, reterr);
}

void api_stop_listening(struct api *api)
{
	struct door *door;

	api->stopping = true;
	for (door = api->doors; door; door = door->next) {
		evconnlistener_disable(door->listener);
		door->closed = true;
		if (door->path)
			unlink(door->path);
		mem_free(door->path);
		door->path = NULL;
	}
}
