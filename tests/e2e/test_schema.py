"""The schema of what is published: it describes all that a daemon sends, and lets nothing else pass."""
import copy, unittest

import jsonschema

import harness
from harness import SCHEMA, VALIDATOR, Item

DEFINITIONS = SCHEMA["$defs"]


def data_of_kinds():
    """Which types of events have data of which definition."""
    found = {}
    for rule in SCHEMA["allOf"]:
        reference = rule["then"]["properties"]["data"].get("$ref", "")
        condition = rule["if"]["properties"]["type"]
        for kind in condition.get("enum", [condition.get("const")]):
            found[kind] = reference.rpartition("/")[2]
    return found


def resolve(schema):
    while "$ref" in schema:
        schema = DEFINITIONS[schema["$ref"].rpartition("/")[2]]
    return schema


def unknown(value, schema, path="data"):
    """Members of a value that its schema does not describe."""
    schema = resolve(schema)
    if isinstance(value, list):
        for item in value:
            yield from unknown(item, schema.get("items", {}), path + "[]")
    if not isinstance(value, dict):
        return
    described = schema.get("properties", {})
    for name, member in value.items():
        if name in described:
            yield from unknown(member, described[name], f"{path}.{name}")
        elif described or schema.get("type") != "object":
            yield f"{path}.{name}"


class Schema(unittest.TestCase):
    def test_it_is_a_schema_and_leads_nowhere_else(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

        def references(node):
            if isinstance(node, dict):
                if "$ref" in node:
                    yield node["$ref"]
                for value in node.values():
                    yield from references(value)
            elif isinstance(node, list):
                for value in node:
                    yield from references(value)

        for reference in references(SCHEMA):
            self.assertTrue(reference.startswith("#/$defs/"), reference)
            self.assertIn(reference.rpartition("/")[2], DEFINITIONS)

    def test_what_is_required_is_described(self):
        for name, definition in [("event", SCHEMA), *DEFINITIONS.items()]:
            self.assertLessEqual(set(definition.get("required", [])), set(definition.get("properties", {})), name)


class Published(harness.Case):
    def setUp(self):
        super().setUp()
        items = [Item("1", "Harbour bridge closed", self.web.url("/1"), "In short.", 1773480000, "Ana Lund"), Item("2", "Ferry is back", self.web.url("/2"), "In short.")]
        feed = harness.rss(items, title="Port Ellen Times")
        feed.body = feed.body.replace(b"</item>", b"<category>Harbour</category><enclosure url='http://a.example/a.mp3' type='audio/mpeg' length='12'/></item>", 1)
        self.web["/rss"] = feed
        page = harness.page("Harbour bridge closed", "The harbour bridge was closed on Saturday.", author="Ana Lund", date="2026-03-14T09:00:00Z")
        page.body = page.body.replace(b"<head>", b"<head><meta property='og:image' content='http://a.example/i.jpg'><meta name='keywords' content='harbour, bridge'>", 1)
        self.web["/1"], self.web["/2"] = page, harness.page("Ferry is back", "The ferry is back.")
        self.web["/copy"] = harness.rss([Item("c", "Harbour bridge closed", self.web.url("/c"))], title="Copy")
        self.web["/c"] = page
        self.web["/bad"] = harness.Answer("no", 500)

    def events(self):
        self.start(["/rss"])
        first = self.subscriber.article("Harbour bridge closed")
        self.daemon.configure([self.web.url(path) for path in ("/rss", "/copy", "/bad")])
        self.daemon.ask("reload")
        self.subscriber.wait("a failing feed", lambda e: e["type"] == "wireroom.feed.state.v1" and e["data"]["state"] == "failing")
        self.subscriber.wait("the copy", lambda e: e["data"].get("url", "").endswith("/c"))
        edited = harness.rss([Item("1", "Harbour bridge opens again", self.web.url("/1"), "In other words.", 1773480000, "Ana Lund")], title="Port Ellen Times")
        self.web["/rss"] = edited
        self.subscriber.wait("an update", lambda e: e["type"] == "wireroom.article.updated.v1")
        return first, self.check_log()

    def test_all_that_is_sent_is_described_and_no_more_is_valid(self):
        first, events = self.events()
        kinds = data_of_kinds()
        self.assertEqual({e["type"] for e in events} & {"wireroom.article.new.v1", "wireroom.article.updated.v1", "wireroom.feed.state.v1"},
                         {"wireroom.article.new.v1", "wireroom.article.updated.v1", "wireroom.feed.state.v1"})
        for event in events:
            VALIDATOR.validate(event)
            self.assertEqual(set(event) - set(SCHEMA["properties"]), set())
            self.assertEqual(list(unknown(event["data"], DEFINITIONS[kinds[event["type"]]])), [], event["type"])
        for member in ("images", "enclosures", "keywords", "authors", "publishedSource", "wordCount", "languageConfidence"):
            self.assertIn(member, first["data"])
        self.refuses(first)

    def refuses(self, event):
        def invalid(change):
            wrong = copy.deepcopy(event)
            change(wrong)
            self.assertFalse(VALIDATOR.is_valid(wrong), change)

        for name in SCHEMA["required"]:
            invalid(lambda e, name=name: e.pop(name))
        for name in DEFINITIONS["article"]["required"]:
            invalid(lambda e, name=name: e["data"].pop(name))
        for name, value in (("specversion", "2.0"), ("type", "wireroom.article.v1"), ("sequence", 7), ("sequence", "7"), ("prevsequence", "-1"), ("data", []), ("datacontenttype", "text/plain"), ("id", 1)):
            invalid(lambda e, name=name, value=value: e.update({name: value}))
        for name, value in (("version", "1"), ("kind", "novel"), ("headline", None), ("wordCount", "12"), ("authors", "Ana"), ("source", "Times")):
            invalid(lambda e, name=name, value=value: e["data"].update({name: value}))


if __name__ == "__main__":
    harness.main()
