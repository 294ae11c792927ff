/* Fuzz target: what others tell of themselves becomes clean, and saving loses nothing that is there
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is an element as a contact publishes it: a vCard of either kind, a nickname, what announces a
 * picture, or the picture.
 */
#include <libdex.h>
#include <string.h>

#include "xmpp-avatar.h"
#include "xmpp-features.h"
#include "xmpp-nick.h"
#include "xmpp-roster.h"
#include "xmpp-session-private.h"
#include "xmpp-vcard.h"
#include "xmpp-vcard4.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define OWN "ana@example.org"
#define CONTACT "both@example.net"
#define NS_VCARD "vcard-temp"
#define NS_VCARD4 "urn:ietf:params:xml:ns:vcard-4.0"

typedef struct
{
  XmppSession *session;
  XmppJid *contact;
  XmppNode *input;
  XmppNode *vcard;   /* nullable: that the server has, of either kind */
  const char *id;    /* nullable: of the picture that the input may be */
  guint n_announced; /* pictures that were taken note of */
} Run;

/* What people type. */
static const char *const typed[XMPP_VCARD_N_FIELDS][3] = {
  [XMPP_VCARD_NAME] = { "Ana  Horvat\n", NULL },
  [XMPP_VCARD_NICKNAME] = { "\xe2\x80\xae"
                            "ana",
                            NULL },
  [XMPP_VCARD_NOTE] = { "One\r\nTwo ]]>&<b", NULL },
  [XMPP_VCARD_ORGANIZATION] = { "Green", NULL },
  [XMPP_VCARD_ROLE] = { "Gardener", NULL },
  [XMPP_VCARD_PLACE] = { "Zagreb, Croatia", NULL },
  [XMPP_VCARD_BIRTHDAY] = { "--0229", NULL },
  [XMPP_VCARD_URL] = { "https://example.org/", "https://example.net/?a&b", NULL },
  [XMPP_VCARD_EMAIL] = { "ana@example.org", "ana@example.net", NULL },
  [XMPP_VCARD_PHONE] = { "+385 1 99", "0123", NULL },
};

/* What the two kinds call the fields, all of which a field that is changed may replace. */
static const char *const known[] = {
  "FN",
  "N",
  "NICKNAME",
  "DESC",
  "NOTE",
  "ORG",
  "ROLE",
  "TITLE",
  "ADR",
  "BDAY",
  "URL",
  "EMAIL",
  "TEL",
  "fn",
  "n",
  "note",
  "org",
  "role",
  "nickname",
  "title",
  "adr",
  "bday",
  "url",
  "email",
  "tel",
  NULL,
};

/* ---- what comes of it ---- */

static void
check_value (XmppVcardField field,
             const char *value)
{
  g_autoptr (GUri) uri = NULL;

  g_assert (*value != '\0' && strlen (value) <= 2000 && g_utf8_validate (value, -1, NULL));
  switch (field)
    {
    case XMPP_VCARD_NOTE:
      g_assert (strchr (value, '\r') == NULL);
      break;
    case XMPP_VCARD_URL:
      uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
      g_assert (uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https"));
      g_assert (g_uri_get_userinfo (uri) == NULL && *g_uri_get_host (uri) != '\0');
      break;
    case XMPP_VCARD_PHONE:
      g_assert (strspn (value, "0123456789+-().") == strlen (value));
      break;
    case XMPP_VCARD_BIRTHDAY:
      g_assert (strspn (value, "0123456789-") == strlen (value) && strlen (value) <= 10);
      break;
    case XMPP_VCARD_NAME:
    case XMPP_VCARD_NICKNAME:
    case XMPP_VCARD_ORGANIZATION:
    case XMPP_VCARD_ROLE:
    case XMPP_VCARD_PLACE:
    case XMPP_VCARD_EMAIL:
    default:
      g_assert (strpbrk (value, "\r\n\t\v\f\x7f") == NULL && strlen (value) <= 256);
      break;
    }
}

static void
check_info (const XmppVcardInfo *info)
{
  g_autoptr (XmppVcardInfo) again = xmpp_vcard_info_new ();

  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    {
      const char *const *values = xmpp_vcard_info_get_all (info, i);

      g_assert (g_strv_length ((char **) values) <= (i < XMPP_VCARD_URL ? 1 : 4));
      for (guint j = 0; values[j] != NULL; j++)
        {
          check_value (i, values[j]);
          /* What was cleaned is clean. */
          g_assert (xmpp_vcard_info_add (again, i, values[j]));
        }
      g_assert (g_strv_equal (values, xmpp_vcard_info_get_all (again, i)));
    }
}

static void
assert_same (const XmppVcardInfo *a,
             const XmppVcardInfo *b)
{
  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    g_assert (g_strv_equal (xmpp_vcard_info_get_all (a, i), xmpp_vcard_info_get_all (b, i)));
}

/* What is none of the fields is there as it was, in its order. */
static void
assert_others_same (XmppNode *before,
                    XmppNode *after)
{
  guint at = 0;

  for (guint i = 0; i < xmpp_node_get_n_children (before); i++)
    {
      XmppNode *child = xmpp_node_get_nth_child (before, i);

      if (g_strv_contains (known, xmpp_node_get_name (child)))
        continue;
      do
        g_assert (at < xmpp_node_get_n_children (after));
      while (!xmpp_node_equal (xmpp_node_get_nth_child (after, at++), child));
    }
}

static void
avatar_cb (Run *self,
           XmppJid *jid,
           XmppAvatarMetadata *metadata)
{
  g_assert (xmpp_jid_equal (jid, self->contact));
  if (metadata == NULL)
    return;

  g_assert (strlen (metadata->id) == 40 && strspn (metadata->id, "0123456789abcdef") == 40);
  g_assert (metadata->type == NULL || strlen (metadata->type) <= 64);
  self->n_announced++;
}

static void
nick_cb (Run *self,
         XmppJid *jid,
         const char *nickname)
{
  g_autofree char *again = xmpp_text_clean_name (nickname);

  g_assert (xmpp_jid_equal (jid, self->contact));
  g_assert (nickname == NULL || (*nickname != '\0' && strlen (nickname) <= 256));
  g_assert_cmpstr (nickname, ==, again);
}

/* ---- the server ---- */

static XmppNode *
create_items (XmppNode *items,
              const char *ns,
              const char *id,
              XmppNode *content)
{
  return xmpp_el (
      "items",
      ns,
      xmpp_attr ("node", xmpp_node_get_attr (items, "node")),
      xmpp_el ("item", ns, xmpp_attr ("id", id), content != NULL ? xmpp_node_ref (content) : NULL));
}

/* The content of the answer to @request; nullable. */
static XmppNode *
answer (Run *self,
        XmppNode *request)
{
  XmppNode *vcard = xmpp_node_get_child (request, "vCard", NS_VCARD);
  XmppNode *published = xmpp_node_find (request,
                                        "pubsub",
                                        XMPP_NS_PUBSUB,
                                        "publish",
                                        XMPP_NS_PUBSUB,
                                        "item",
                                        XMPP_NS_PUBSUB,
                                        "vcard",
                                        NS_VCARD4,
                                        NULL);
  XmppNode *items =
      xmpp_node_find (request, "pubsub", XMPP_NS_PUBSUB, "items", XMPP_NS_PUBSUB, NULL);

  if (published != NULL || (vcard != NULL && g_strcmp0 (xmpp_node_get_attr (request, "type"), "set") == 0))
    {
      g_clear_pointer (&self->vcard, xmpp_node_unref);
      self->vcard = xmpp_node_ref (published != NULL ? published : vcard);
      return NULL;
    }
  if (vcard != NULL)
    return xmpp_node_ref (self->vcard);

  g_assert (items != NULL);

  return xmpp_el ("pubsub",
                  XMPP_NS_PUBSUB,
                  create_items (items,
                                XMPP_NS_PUBSUB,
                                self->id != NULL ? self->id : "current",
                                self->id != NULL ? self->input : self->vcard));
}

/* Answers what is asked until @future (transfer full) is settled. */
static DexFuture *
settle (Run *self,
        DexFuture *future)
{
  XmppStreamManagement *sm = self->session->sm;

  for (;;)
    {
      g_autoptr (GPtrArray) sent = NULL;

      while (g_main_context_iteration (NULL, FALSE))
        continue;
      if (!dex_future_is_pending (future))
        return future;

      sent = xmpp_stream_management_peek_unacked (sm);
      g_assert (sent->len > 0);
      for (guint i = 0; i < sent->len; i++)
        {
          XmppNode *request = ((XmppSmStanza *) sent->pdata[i])->node;
          g_autoptr (XmppNode) reply = xmpp_el ("iq",
                                                XMPP_NS_CLIENT,
                                                xmpp_attr ("type", "result"),
                                                xmpp_attr ("from", xmpp_node_get_attr (request, "to")),
                                                xmpp_attr ("id", xmpp_node_get_attr (request, "id")),
                                                answer (self, request));

          xmpp_session_handle_element (self->session, reply);
        }
      xmpp_stream_management_acked (sm, xmpp_stream_management_get_sent (sm), NULL, NULL);
    }
}

static gpointer
settle_boxed (Run *self,
              DexFuture *future)
{
  const GValue *value;
  gpointer boxed = NULL;

  future = settle (self, future);
  if ((value = dex_future_get_value (future, NULL)) != NULL)
    boxed = g_value_dup_boxed (value);
  dex_unref (future);

  return boxed;
}

/* ---- vCards ---- */

static XmppVcardInfo *
fetch (Run *self,
       gboolean newer)
{
  XmppVcard *vcard = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD);
  XmppVcard4 *vcard4 = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD4);

  return settle_boxed (self, newer ? xmpp_vcard4_fetch (vcard4, NULL) : xmpp_vcard_fetch (vcard, NULL));
}

static void
save (Run *self,
      gboolean newer,
      const XmppVcardInfo *info)
{
  XmppVcard *vcard = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD);
  XmppVcard4 *vcard4 = xmpp_session_get_feature (self->session, XMPP_TYPE_VCARD4);
  g_autoptr (XmppNode) before = xmpp_node_ref (self->vcard);
  g_autoptr (XmppVcardInfo) after = NULL;
  g_autoptr (DexFuture) future = settle (self,
                                         newer ? xmpp_vcard4_publish (vcard4, info, XMPP_ACCESS_CONTACTS)
                                               : xmpp_vcard_save (vcard, info));

  g_assert (dex_future_is_resolved (future));
  g_assert (!newer || xmpp_node_get_child (self->vcard, "fn", NS_VCARD4) != NULL);
  assert_others_same (before, self->vcard);
  after = fetch (self, newer);
  assert_same (info, after);
}

static void
check_vcard (Run *self,
             gboolean newer)
{
  g_autoptr (XmppVcardInfo) found = NULL;
  g_autoptr (XmppVcardInfo) own = xmpp_vcard_info_new ();
  g_autoptr (XmppVcardInfo) none = xmpp_vcard_info_new ();

  self->vcard = xmpp_node_ref (self->input);
  found = fetch (self, newer);
  check_info (found);
  for (guint i = 0; i < XMPP_VCARD_N_FIELDS; i++)
    for (guint j = 0; typed[i][j] != NULL; j++)
      g_assert (xmpp_vcard_info_add (own, i, typed[i][j]));

  save (self, newer, found);
  save (self, newer, own);
  save (self, newer, none);
  save (self, newer, found);
  g_clear_pointer (&self->vcard, xmpp_node_unref);
}

/* ---- what others publish ---- */

static void
publish (Run *self,
         const char *node)
{
  g_autoptr (XmppNode) asked = xmpp_el ("items", XMPP_NS_PUBSUB_EVENT, xmpp_attr ("node", node));
  g_autoptr (XmppNode) message =
      xmpp_el ("message",
               XMPP_NS_CLIENT,
               xmpp_attr ("from", CONTACT),
               xmpp_el ("event",
                        XMPP_NS_PUBSUB_EVENT,
                        create_items (asked, XMPP_NS_PUBSUB_EVENT, "current", self->input)));

  xmpp_session_handle_element (self->session, message);
}

/* As white space is, in any number of places. */
static GBytes *
decode_slowly (const char *text)
{
  g_autofree char *joined = NULL;
  g_auto (GStrv) parts = g_strsplit_set (text, " \t\r\n", -1);
  gsize length;
  guchar *bytes;

  joined = g_strjoinv (NULL, parts);
  bytes = g_base64_decode (joined, &length);

  return g_bytes_new_take (bytes, length);
}

/* Announced as what it is, the picture comes; and nothing else ever does. */
static void
check_picture (Run *self)
{
  XmppAvatar *avatar = xmpp_session_get_feature (self->session, XMPP_TYPE_AVATAR);
  g_autoptr (GBytes) expected = decode_slowly (xmpp_node_get_text (self->input));
  g_autofree char *id = g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, expected);
  XmppAvatarMetadata metadata = { .id = id, .source = XMPP_AVATAR_PEP };
  XmppAvatarMetadata *boxed = g_atomic_rc_box_dup (sizeof metadata, &metadata);
  g_autoptr (GBytes) picture = NULL;

  boxed->id = g_strdup (id);
  self->id = id;
  picture = settle_boxed (self, xmpp_avatar_fetch (avatar, self->contact, boxed));
  self->id = NULL;
  xmpp_avatar_metadata_unref (boxed);
  if (picture == NULL)
    return;

  g_assert (g_bytes_equal (picture, expected));
  g_assert (g_bytes_get_size (picture) > 0 && g_bytes_get_size (picture) <= XMPP_AVATAR_MAX_BYTES);
}

static XmppSession *
create_session (Run *run)
{
  g_autoptr (XmppJid) own = xmpp_jid_new (OWN, NULL);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xmpp_roster_item_unref);
  XmppSession *session = xmpp_session_new (own, xmpp_features_get_types ());

  /* Bound, but without a connection: what is sent stays where it can be looked at. */
  session->full_jid = xmpp_jid_new (OWN "/desk", NULL);
  xmpp_iq_tracker_set_full_jid (session->requests, session->full_jid);
  xmpp_stream_management_enable (session->sm, "id");
  session->in_session = TRUE;

  g_ptr_array_add (items, xmpp_roster_item_new (run->contact, NULL, NULL, XMPP_SUBSCRIPTION_BOTH));
  xmpp_roster_set_cached (xmpp_session_get_feature (session, XMPP_TYPE_ROSTER), items, "v1");
  g_signal_connect_swapped (
      xmpp_session_get_feature (session, XMPP_TYPE_AVATAR), "changed", G_CALLBACK (avatar_cb), run);
  g_signal_connect_swapped (
      xmpp_session_get_feature (session, XMPP_TYPE_NICK), "changed", G_CALLBACK (nick_cb), run);

  return session;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (XmppNode) input = xmpp_node_parse ((const char *) data, (gssize) size, NULL, NULL);
  g_autoptr (XmppJid) contact = NULL;
  Run run = { .input = input };

  if (input == NULL)
    return -1;

  dex_init ();
  run.contact = contact = xmpp_jid_new (CONTACT, NULL);
  run.session = create_session (&run);

  if (xmpp_node_is (input, "vCard", NS_VCARD))
    check_vcard (&run, FALSE);
  else if (xmpp_node_is (input, "vcard", NS_VCARD4))
    check_vcard (&run, TRUE);
  else if (xmpp_node_is (input, "data", XMPP_NS_AVATAR_DATA))
    check_picture (&run);
  publish (&run, XMPP_NS_AVATAR_METADATA);
  publish (&run, XMPP_NS_NICK);
  g_assert (run.n_announced <= 1);

  g_object_unref (run.session);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  return 0;
}
