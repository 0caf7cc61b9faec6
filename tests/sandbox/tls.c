/*
 * tls.c - making keys and certificates with libcrypto, and TLS contexts from them.
 * Sessions are never resumed: each connection shows its certificate.
 */
#include "tls.h"
#include "text.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define DAY (24L * 60 * 60)
#define GOOD_NAMES "DNS:localhost,IP:127.0.0.1,IP:::1"
#define BAD_NAMES "DNS:connectwise.invalid"

struct pair {
	EVP_PKEY *key;
	X509 *cert;
};

struct tls {
	SSL_CTX *good, *bad_host, *expired, *unknown_ca;
	char *ca_pem;
};

/* What a certificate is to say; times in days from now. */
struct wish {
	const char *name;
	const char *alt_names; /* NULL: it is a CA */
	int from, to;
};

static void pair_clear(struct pair *p)
{
	X509_free(p->cert);
	EVP_PKEY_free(p->key);
	*p = (struct pair){ NULL, NULL };
}

static int add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int ok;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = ext && X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

static int add_extensions(X509 *cert, X509 *issuer, const struct wish *w)
{
	if (!w->alt_names)
		return add_extension(cert, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
			add_extension(
				cert, issuer, NID_key_usage, "critical,keyCertSign,cRLSign") &&
			add_extension(cert, issuer, NID_subject_key_identifier, "hash");
	return add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
		add_extension(cert, issuer, NID_key_usage, "critical,digitalSignature") &&
		add_extension(cert, issuer, NID_ext_key_usage, "serverAuth") &&
		add_extension(cert, issuer, NID_subject_key_identifier, "hash") &&
		add_extension(cert, issuer, NID_authority_key_identifier, "keyid") &&
		add_extension(cert, issuer, NID_subject_alt_name, w->alt_names);
}

static int set_serial(X509 *cert)
{
	unsigned char b[8];
	uint64_t n;

	if (RAND_bytes(b, sizeof(b)) != 1)
		return 0;
	memcpy(&n, b, sizeof(n));
	return ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), n >> 1);
}

static int fill(X509 *cert, const struct wish *w, EVP_PKEY *key, X509 *issuer)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return X509_set_version(cert, X509_VERSION_3) && set_serial(cert) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), w->from * DAY) &&
		X509_gmtime_adj(X509_getm_notAfter(cert), w->to * DAY) &&
		X509_NAME_add_entry_by_txt(
			name, "CN", MBSTRING_ASC, (const unsigned char *)w->name, -1, -1, 0) &&
		X509_set_issuer_name(cert, X509_get_subject_name(issuer)) &&
		X509_set_pubkey(cert, key) && add_extensions(cert, issuer, w);
}

/* A key and its certificate; ca NULL: it signs itself. */
static int make_pair(struct pair *p, const struct wish *w, const struct pair *ca)
{
	p->key = EVP_EC_gen("P-256");
	p->cert = X509_new();
	return p->key && p->cert && fill(p->cert, w, p->key, ca ? ca->cert : p->cert) &&
		X509_sign(p->cert, ca ? ca->key : p->key, EVP_sha256());
}

static SSL_CTX *make_context(const struct wish *w, const struct pair *ca)
{
	struct pair p = { NULL, NULL };
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int ok = ctx && make_pair(&p, w, ca) &&
		SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) &&
		SSL_CTX_use_certificate(ctx, p.cert) == 1 &&
		SSL_CTX_use_PrivateKey(ctx, p.key) == 1;

	pair_clear(&p);
	if (!ok) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(ctx, 0);
	return ctx;
}

/* gives: free; NULL = failed. */
static char *pem_of(X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *data;

	if (bio && PEM_write_bio_X509(bio, cert)) {
		long n = BIO_get_mem_data(bio, &data);

		text = xstrndup(data, (size_t)n);
	}
	BIO_free(bio);
	return text;
}

static int make_all(struct tls *tls, struct pair *ca, struct pair *other)
{
	static const struct wish root = { "Sandbox test CA", NULL, -1, 30 };
	static const struct wish stranger = { "Somebody else's CA", NULL, -1, 30 };
	static const struct wish good = { "localhost", GOOD_NAMES, -1, 30 };
	static const struct wish bad_host = { "connectwise.invalid", BAD_NAMES, -1, 30 };
	static const struct wish expired = { "localhost", GOOD_NAMES, -30, -1 };

	return make_pair(ca, &root, NULL) && make_pair(other, &stranger, NULL) &&
		(tls->ca_pem = pem_of(ca->cert)) && (tls->good = make_context(&good, ca)) &&
		(tls->bad_host = make_context(&bad_host, ca)) &&
		(tls->expired = make_context(&expired, ca)) &&
		(tls->unknown_ca = make_context(&good, other));
}

struct tls *tls_new(void)
{
	struct tls *tls = xcalloc(1, sizeof(*tls));
	struct pair ca = { NULL, NULL }, other = { NULL, NULL };
	int ok = make_all(tls, &ca, &other);

	pair_clear(&ca);
	pair_clear(&other);
	if (ok)
		return tls;
	ERR_print_errors_fp(stderr);
	return tls_free(tls);
}

struct tls *tls_free(struct tls *tls)
{
	if (!tls)
		return NULL;
	SSL_CTX_free(tls->good);
	SSL_CTX_free(tls->bad_host);
	SSL_CTX_free(tls->expired);
	SSL_CTX_free(tls->unknown_ca);
	free(tls->ca_pem);
	free(tls);
	return NULL;
}

const char *tls_ca_pem(const struct tls *tls)
{
	return tls->ca_pem;
}

struct bufferevent *tls_accept(struct tls *tls, struct event_base *base, enum fault_kind fault)
{
	SSL_CTX *ctx = tls->good;
	struct bufferevent *bev;
	SSL *ssl;

	if (fault == FAULT_CERT_BAD_HOST)
		ctx = tls->bad_host;
	else if (fault == FAULT_CERT_EXPIRED)
		ctx = tls->expired;
	else if (fault == FAULT_CERT_UNKNOWN_CA)
		ctx = tls->unknown_ca;
	ssl = SSL_new(ctx);
	if (!ssl)
		abort();
	bev = bufferevent_openssl_socket_new(
		base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (!bev)
		abort();
	/* clients that just hang up are no error here */
	bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

void tls_close_notify(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);

	if (ssl)
		SSL_shutdown(ssl);
	ERR_clear_error();
}
