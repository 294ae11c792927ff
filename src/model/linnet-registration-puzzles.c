/* The puzzles of a registration: which of them a person has to solve
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "linnet-registration"

#include "config.h"

#include "linnet-form-field-private.h"
#include "linnet-registration-private.h"
#include "xmpp-register-form.h"

#define MAX_ANSWERS 10

/* What is seen goes before what is read, and that before what another program plays or shows. */
static gint
get_rank (LinnetFormField *field)
{
  if (linnet_form_field_get_picture (field) != NULL)
    return 0;
  if (linnet_form_field_get_audio (field) != NULL)
    return 2;

  return linnet_form_field_get_fallback_url (field) != NULL ? 3 : 1;
}

static gint
compare_ranks (gconstpointer a,
               gconstpointer b)
{
  return get_rank (*(LinnetFormField *const *) a) - get_rank (*(LinnetFormField *const *) b);
}

static guint
get_n_answers (LinnetRegistration *self)
{
  const char *text = self->form != NULL && self->form->form != NULL
                         ? xmpp_data_form_get_value (self->form->form, "answers")
                         : NULL;

  return text != NULL ? (guint) CLAMP (g_ascii_strtoull (text, NULL, 10), 1, MAX_ANSWERS) : 1;
}

static void
add_puzzle (GPtrArray *puzzles,
            LinnetFormField *field)
{
  GPtrArray *puzzle = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (puzzle, g_object_ref (field));
  g_ptr_array_add (puzzles, puzzle);
}

/**
 * linnet_registration_dup_puzzles:
 *
 * By XEP-0158 section 3.2 each field that is required has to be answered, and as many of the others as the
 * server wants answers in all, of which a person may choose. Those that can be neither seen nor heard are
 * not among the choices.
 *
 * Returns: (transfer full): a puzzle for each answer to give, which is a GPtrArray of the
 *   [class@Linnet.FormField]s of which one has to be answered, the best one first
 */
GPtrArray *
linnet_registration_dup_puzzles (LinnetRegistration *self)
{
  GPtrArray *puzzles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();
  LinnetFormField *any;
  guint n_fields, n_wanted;

  g_return_val_if_fail (LINNET_IS_REGISTRATION (self), puzzles);

  n_fields = g_list_model_get_n_items (G_LIST_MODEL (self->fields));
  n_wanted = get_n_answers (self);
  any = linnet_registration_find_field (self, LINNET_FORM_FIELD_CAPTCHA);

  for (guint i = 0; i < n_fields; i++)
    {
      g_autoptr (LinnetFormField) field = g_list_model_get_item (G_LIST_MODEL (self->fields), i);

      if (linnet_form_field_get_kind (field) != LINNET_FORM_FIELD_CAPTCHA)
        continue;
      if (linnet_form_field_get_required (field))
        add_puzzle (puzzles, field);
      else if (linnet_form_field_can_be_asked (field))
        g_ptr_array_add (choices, field); /* the list keeps it */
    }

  g_ptr_array_sort (choices, compare_ranks);
  for (guint i = 0; i < choices->len && puzzles->len < n_wanted; i++)
    add_puzzle (puzzles, choices->pdata[i]);

  /* Where one is to be chosen, the rest can be had instead of the last one. */
  for (guint i = 0; i < choices->len && puzzles->len > 0; i++)
    {
      GPtrArray *last = puzzles->pdata[puzzles->len - 1];
      gboolean taken = FALSE;

      if (linnet_form_field_get_required (last->pdata[0]))
        break;
      for (guint j = 0; j < puzzles->len && !taken; j++)
        taken = g_ptr_array_find (puzzles->pdata[j], choices->pdata[i], NULL);
      if (!taken)
        g_ptr_array_add (last, g_object_ref (choices->pdata[i]));
    }

  /* There is nothing of it but the question for an answer. */
  if (puzzles->len == 0 && any != NULL)
    add_puzzle (puzzles, any);

  return puzzles;
}

gboolean
linnet_registration_can_be_solved (LinnetRegistration *self)
{
  g_autoptr (GPtrArray) puzzles = linnet_registration_dup_puzzles (self);

  for (guint i = 0; i < puzzles->len; i++)
    {
      const GPtrArray *puzzle = puzzles->pdata[i];

      if (!linnet_form_field_can_be_asked (puzzle->pdata[0]))
        return FALSE;
    }

  return TRUE;
}

/* An empty answer is none. */
static gboolean
is_answered (const GPtrArray *puzzle)
{
  for (guint i = 0; i < puzzle->len; i++)
    if (*linnet_form_field_get_value (puzzle->pdata[i]) != '\0')
      return TRUE;

  return FALSE;
}

gboolean
linnet_registration_check_puzzles (LinnetRegistration *self)
{
  g_autoptr (GPtrArray) puzzles = linnet_registration_dup_puzzles (self);

  for (guint i = 0; i < puzzles->len; i++)
    {
      const GPtrArray *puzzle = puzzles->pdata[i];

      if (!is_answered (puzzle))
        {
          linnet_form_field_set_problem (puzzle->pdata[0], LINNET_FORM_PROBLEM_EMPTY);
          return FALSE;
        }
    }

  return TRUE;
}
