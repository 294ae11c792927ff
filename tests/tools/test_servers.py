"""The servers of the tests answer as the tests that rely on them need.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import shutil
import tempfile
import unittest

import captcha
from ejabberd import Ejabberd
from peer import Peer
from prosody import Prosody
from rawregister import NS, RawRegistration, condition, fields, picture
from taptest import main


class ServersTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="linnet-test-")
        self.server = None

    def tearDown(self):
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, kind, **options):
        self.server = kind(f"{self.folder}/server", **options)
        return self.server.start()

    def stream(self):
        return RawRegistration(self.server.domain, self.server.tls_port)

    def sign_in(self, user, password):
        address = f"{user}@{self.server.domain}"
        with Peer(address, password, ("127.0.0.1", self.server.port)) as peer:
            return peer.roster()

    # Prosody

    def test_prosody_plain(self):
        self.start(Prosody, registration="plain")
        with self.stream() as stream:
            self.assertTrue(stream.offers_registration())
            self.assertIsNotNone(stream.form().find("r:username", NS))
            self.assertIsNone(stream.register_plainly("ana", "secret of ana"))
            self.assertEqual(stream.register_plainly("ana", "another"), "conflict")
        self.assertEqual(self.sign_in("ana", "secret of ana"), {})

    def test_prosody_closed(self):
        self.start(Prosody)
        with self.stream() as stream:
            self.assertFalse(stream.offers_registration())
            self.assertEqual(stream.register_plainly("ana", "secret of ana"), "service-unavailable")

    def test_prosody_limited(self):
        self.start(Prosody, registration="limited")
        with self.stream() as stream:
            self.assertIsNone(stream.register_plainly("ana", "secret of ana"))
            self.assertEqual(stream.register_plainly("mira", "secret of mira"), "policy-violation")

    def test_prosody_form(self):
        self.start(Prosody, registration="form")
        right = {"username": "ana", "password": "secret of ana", "email": "ana@mail.test", "rules": "1"}
        with self.stream() as stream:
            query = stream.form()
            self.assertEqual(
                set(fields(query).values()),
                {
                    "hidden",
                    "fixed",
                    "text-single",
                    "text-private",
                    "text-multi",
                    "list-single",
                    "list-multi",
                    "boolean",
                },
            )
            self.assertEqual(picture(query), captcha.picture(self.server.captcha_answer()))
            self.assertEqual(stream.register_plainly("ana", "secret of ana"), "bad-request")
            self.assertEqual(
                stream.register_by_form(query, **right, ocr=self.server.captcha_answer(), state="other"),
                "bad-request",
            )
            self.assertEqual(stream.register_by_form(query, **right, ocr="000000"), "not-acceptable")
            # A wrong answer spends the puzzle.
            self.assertEqual(
                stream.register_by_form(query, **right, ocr=self.server.captcha_answer()), "not-acceptable"
            )
            query = stream.form()
            answer = self.server.captcha_answer()
            for field, value in (("rules", "0"), ("email", "ana"), ("password", "abc")):
                wrong = stream.register_by_form(query, **{**right, "ocr": answer, field: value})
                self.assertEqual(wrong, "not-acceptable", field)
            self.assertIsNone(stream.register_by_form(query, **right, ocr=answer))
        self.assertEqual(self.sign_in("ana", "secret of ana"), {})

    def test_prosody_form_with_picture_to_fetch(self):
        self.start(Prosody, registration="form", extra="captcha_inline = false")
        with self.stream() as stream:
            query = stream.form()
            self.assertIsNone(query.find("bob:data", NS))
            cid = query.findtext(".//media:uri", None, NS).removeprefix("cid:")
            answer = stream.ask("get", f"<data xmlns='{NS['bob']}' cid='{cid}'/>")
            self.assertEqual(answer.find("bob:data", NS).get("cid"), cid)

    def test_prosody_web(self):
        self.start(Prosody, registration="web")
        with self.stream() as stream:
            self.assertEqual(
                stream.form().findtext("oob:x/oob:url", None, NS), f"https://{self.server.domain}/register"
            )
            self.assertEqual(stream.register_plainly("ana", "secret of ana"), "not-allowed")

    def test_prosody_invitation(self):
        self.server = Prosody(f"{self.folder}/server", registration="invites")
        mira = self.server.add_account("mira", "secret of mira")
        self.server.start()
        token = self.server.create_invitation()
        with self.stream() as stream:
            names = {element.tag for element in stream.features}
            self.assertIn("{urn:xmpp:invite}register", names)
            self.assertIsNotNone(stream.register_plainly("ana", "secret of ana"))
            preauth = "<preauth xmlns='urn:xmpp:pars:0' token='{}'/>"
            self.assertEqual(condition(stream.ask("set", preauth.format("nonsense"))), "forbidden")
            self.assertIsNone(condition(stream.ask("set", preauth.format(token))))
            self.assertIsNone(stream.register_plainly("ana", "secret of ana"))
        self.assertEqual(self.sign_in("ana", "secret of ana"), {})
        token = self.server.create_invitation(contact=mira)
        with self.stream() as stream:
            self.assertIsNone(condition(stream.ask("set", preauth.format(token))))
            self.assertIsNone(stream.register_plainly("tom", "secret of tom"))
        self.assertIn(mira, self.sign_in("tom", "secret of tom"))

    # ejabberd

    def test_ejabberd_plain(self):
        self.server = Ejabberd(f"{self.folder}/server")
        self.server.add_account("mira", "secret of mira")
        self.server.add_account("tom", "secret of tom")
        self.server.add_contacts("mira@lark.test", "tom@lark.test", second_name="Tom")
        self.server.start()
        with self.stream() as stream:
            self.assertTrue(stream.offers_registration())
            query = stream.form()
            self.assertIsNotNone(query.find("r:username", NS))
            self.assertIsNone(query.find("x:x", NS))
            self.assertIsNone(stream.register_plainly("ana", "secret of ana"))
        self.assertTrue(self.server.has_account("ana"))
        self.assertFalse(self.server.has_account("nobody"))
        self.assertEqual(self.sign_in("mira", "secret of mira"), {"tom@lark.test": ("both", "Tom")})
        self.assertGreater(self.server.sign_ins(), 0)
        self.assertEqual(self.server._process.stop(), 0)

    def test_ejabberd_captcha(self):
        self.start(Ejabberd, captcha=True)
        with self.stream() as stream:
            query = stream.form()
            self.assertEqual(picture(query), captcha.picture(self.server.captcha_answer()))
            right = {"username": "ana", "password": "secret of ana"}
            self.assertEqual(stream.register_by_form(query, **right, ocr="000000"), "not-allowed")
            query = stream.form()
            self.assertIsNone(stream.register_by_form(query, **right, ocr=self.server.captcha_answer()))
        self.assertEqual(self.sign_in("ana", "secret of ana"), {})


if __name__ == "__main__":
    main()
