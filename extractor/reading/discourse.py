"""Sentence by sentence through an article: events become claims, claims become deals.

    statement -> events (frames) -> claims (names resolved, sides decided)
              -> the draft that each claim continues, or a new one
    statement without an event -> its amounts complete the deal in focus
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.reading.companies import CompanyMention
from extractor.reading.drafts import Claim, Draft, Filled, Named, match
from extractor.reading.events import Event, EventFinder
from extractor.reading.figures import Figures
from extractor.reading.lexicon import Lexicon
from extractor.reading.references import Topic, main_company
from extractor.reading.statements import Party, Quantity, Statement, StatementBuilder
from extractor.reading.statusrules import StatusRules
from extractor.reading.tokens import Sentence, Tokens
from extractor.records import DealType

_PRINCIPALS = frozenset(
    "miner miner_ai ai_cloud dc_developer other crypto_other ai_lab treasury industrial utility_power "
    "telecom landowner systems".split()
)
# kinds of companies that comment on deals but make none
_BYSTANDERS = frozenset(("research", "rating", "law", "adviser"))
_OFFERS = frozenset(("offer", "bid", "proposal", "approach", "takeover bid", "takeover offer", "tender offer", "cash offer", "all-stock offer", "unsolicited offer", "unsolicited bid", "buyout offer"))
_DEFINABLE = frozenset("customer tenant lessee lessor landlord borrower lender purchaser seller buyer supplier investor issuer parent target provider client counterparty acquirer host operator vendor".split())
# verbs whose past is a promise, not a delivery
_NOT_DONE_YET = frozenset(
    ("receive", "get", "take", "order", "pre-order", "preorder", "reserve", "secure", "procure", "owe", "lead", "put")
)
_DONE_ROUNDS = frozenset(("funding round", "financing round", "investment round", "seed round", "Series A", "Series B", "Series C", "Series D", "Series E", "Series F", "Series A round", "Series B round", "Series C round", "IPO", "initial public offering", "share sale", "flotation", "equity round"))
_JOINING = frozenset("participated participating participants participate part investors joined led co-led backers".split())
_BACKING = frozenset(
    "backstop backstops backstopped backstopping guarantee guarantees guaranteed guaranteeing guarantor "
    "surety underwritten underwriting".split()
)
_BACKING_PAIRS = frozenset((("to", "back"), ("will", "back"), ("would", "back"), ("standing", "behind"), ("stands", "behind"), ("stand", "behind"), ("stood", "behind"), ("behind", "it"), ("credit", "support"), ("backed", "by"), ("supported", "by"), ("back", "$"), ("backing", "$"), ("behind", "the"), ("stands", "surety"), ("stood", "surety"), ("stand", "surety")))
_REJECTS = frozenset(
    "reject rejects rejected rebuff rebuffs rebuffed spurn spurns spurned sink sinks sank sunk down against refuse refused "
    "scrap scraps scrapped no".split()
)
_CONNECTED: tuple[DealType, ...] = ("hosting", "compute")


@dataclass(slots=True)
class ArticleText:
    """The prepared text of one article."""

    tokens: Tokens
    sentences: Sequence[Sentence]
    companies: Sequence[CompanyMention]
    quantities: Sequence[Quantity]
    title_last: int


class DealFinder:
    """Finds the deals of a prepared text; holds nothing between texts."""

    def __init__(self, lexicon: Lexicon, builder: StatementBuilder, status: StatusRules) -> None:
        self._lexicon = lexicon
        self._builder = builder
        self._status = status
        self._events = EventFinder(lexicon)
        self._figures = Figures()
        self._role_nouns: dict[str, list[tuple[DealType, str, int]]] = {}
        for type_, sides in lexicon.common["role_nouns"].items():
            for side, nouns in sides.items():
                for noun in nouns:
                    words = noun.split()
                    self._role_nouns.setdefault(words[-1], []).append((type_, side, 1))

    def find(self, text: ArticleText) -> list[Draft]:
        """The drafts of all deals, in order of first mention."""
        reader = _Reading(self, text)
        # the title last: what it means by "deal" the text has told by then
        for zone in ("body", "title"):
            for sentence in text.sentences:
                if sentence.zone == zone:
                    reader.read(sentence)
        reader.settle()
        return reader.drafts


class _Reading:
    """The state of reading one article."""

    def __init__(self, finder: DealFinder, text: ArticleText) -> None:
        self._finder = finder
        self._text = text
        self._tokens = text.tokens
        self.drafts: list[Draft] = []
        self._focus: Draft | None = None
        self._focus_paragraph = -1
        categories = {m.name: m.category for m in text.companies}
        main = main_company(text.companies, text.title_last, _PRINCIPALS)
        self._companies = [*text.companies, *self._defined_terms()]
        counts = Counter(m.name for m in text.companies)
        self._topic = Topic(main, categories, self_name=self._self_name(), count=dict(counts))

    def _self_name(self) -> str:
        """Whom 'the "Company"' stands for, where a release defines it."""
        tokens = self._tokens
        for index, word in enumerate(tokens.words):
            if word in ("Company", "Registrant", "Corporation") and index > 1 and tokens.words[index - 1] in ('"', "“"):
                earlier = [m for m in self._text.companies if m.first < index]
                if earlier:
                    return earlier[-1].name
        return ""

    def _defined_terms(self) -> list[CompanyMention]:
        """Later uses of 'CoreWeave, Inc. (the "Customer")', as mentions of the company."""
        words, lower = self._tokens.words, self._tokens.lower
        ends = {m.last: m for m in self._text.companies}
        taken = {i for m in self._text.companies for i in range(m.first, m.last)}
        terms: dict[str, CompanyMention] = {}
        for index in range(2, len(words) - 2):
            if words[index] not in ('"', "“") or lower[index - 1] not in ("the", "a") or words[index - 2] != "(":
                continue
            term = words[index + 1]
            owner = ends.get(index - 2)
            if owner is not None and term[:1].isupper() and term.lower() in _DEFINABLE and words[index + 2] in ('"', "”"):
                terms[term] = owner
        if not terms:
            return []
        return [
            CompanyMention(i, i + 1, terms[w].name, terms[w].category, "defined term")
            for i, w in enumerate(words)
            if w in terms and i not in taken and words[i - 1] not in ('"', "“")
        ]

    # -- reading ------------------------------------------------------------------

    def read(self, sentence: Sentence) -> None:
        companies = [m for m in self._companies if sentence.first <= m.first < sentence.last]
        companies.sort(key=lambda m: m.first)
        quantities = [q for q in self._text.quantities if sentence.first <= q.first < sentence.last]
        statements = self._finder._builder.build(self._tokens, sentence, companies, quantities)
        carried: Named | None = None
        self._topic.here.clear()
        self._topic.age += 1
        for statement in statements:
            backers = self._backers(statement)
            events = self._finder._events.find(self._tokens, statement)
            if backers:
                events = [e for e in events if self._survives(e, backers)]
            applied = False
            if not events and self._focus is not None and statement.border in ("which", "that", "and"):
                self._note_status(statement)
            share = self._finder._figures.share(self._tokens, statement, events)
            for event in events:
                claim = self._claim(event, share[id(event)], carried)
                if claim is None:
                    continue
                applied = self._apply(claim, statement) or applied
                if claim.company is not None:
                    carried = claim.company
            if not applied:
                self._complete(statement)
            self._note_backers(statement, backers)
            self._note_role_nouns(statement)
            self._note_investors(statement)
            for party in statement.parties:
                if party.first >= statement.first:
                    if statement.border in ("which", "who", "whose", "that", "where") and party.label == "subj":
                        party = replace(party, label="clause subj")
                    resolved = replace(party, name=party.name or self._topic.resolve(party, statement))
                    self._topic.note(resolved)
                    self._topic.here.append(resolved)


    def _apply(self, claim: Claim, statement: Statement) -> bool:
        """Add a claim to its draft, or open one; False where it says too little."""
        draft = match(claim, self.drafts)
        if draft is None:
            if not self._is_substantial(claim):
                return False
            draft = Draft(
                claim.type, rule=claim.rule, in_title=claim.in_title, tentative=claim.tentative
            )
            self.drafts.append(draft)
        if draft.company is None:
            draft.company = claim.company
        for name, named in claim.counterparties.items():
            swapped = claim.company is not None and claim.company.name in draft.counterparties
            if (draft.company is None or name != draft.company.name) and not swapped:
                draft.counterparties.setdefault(name, named)
        for name, named in claim.backers.items():
            draft.backers.setdefault(name, named)
        for slot, filled in claim.numbers.items():
            draft.fill(slot, filled, replace=draft.in_title and slot in draft.slots)
        draft.in_title = draft.in_title and claim.in_title
        if draft.tentative and not claim.tentative:
            draft.type, draft.tentative = claim.type, False
        self._finder._figures.extras(draft, claim.quantities)
        draft.statuses.append(claim.status)
        if claim.together:
            self._sum_up(claim)
        draft.evidence.append(claim.span)
        draft.last_sentence = claim.sentence
        draft.last_token = statement.sentence.last
        draft.mentions += 1
        draft.strength += 0.3 if claim.weak else 1.0
        self._focus, self._focus_paragraph = draft, statement.sentence.paragraph
        if draft.type in _CONNECTED:
            if draft.company is not None:
                self._topic.landlord = draft.company.name
            if draft.counterparties:
                self._topic.tenant = next(iter(draft.counterparties))
        return True

    def _sum_up(self, claim: Claim) -> None:
        """"The three leases together cover 400 MW" belongs to the total, not to one deal."""
        total = next((d for d in reversed(self.drafts) if d.type == "backlog"), None)
        if total is not None and claim.together is not None:
            total.fill("megawatts", claim.together)

    def settle(self) -> None:
        """What only the whole text tells: a total of contracts that all have one customer."""
        for total in self.drafts:
            if total.type != "backlog" or total.counterparties or total.company is None:
                continue
            parts = [
                d for d in self.drafts
                if d.type in _CONNECTED and d.company is not None and d.company.name == total.company.name
            ]
            customers = {name for d in parts for name in d.counterparties}
            if len(customers) == 1 and all(d.counterparties for d in parts):
                total.counterparties.update(parts[0].counterparties)

    def _note_status(self, statement: Statement) -> None:
        """"..., which Bitfarms completed in March" tells how far the deal before it has come."""
        assert self._focus is not None
        if statement.sentence.first > self._focus.last_token or self._focus.last_token - statement.last > 60:
            return
        found = self._finder._status.find(self._tokens, statement.first, statement.last)
        for status in ("completed", "terminated"):
            if status in found and statement.last - statement.first < 14:
                self._focus.statuses.append((status, True))

    def _is_substantial(self, claim: Claim) -> bool:
        """Whether a claim says enough to open a deal: two sides, or a figure, or an act."""
        if claim.company is None:
            return False
        if claim.anaphoric and not claim.counterparties and (
            not {"value", "megawatts", "coins"} & claim.numbers.keys()
            or any(d.type == claim.type for d in self.drafts)
        ):
            return False
        if claim.counterparties:
            return True
        if claim.weak and claim.type == "acquisition" and not claim.rule.startswith("noun"):
            return False
        if claim.weak and claim.inherited_company and ("verb" in claim.rule or claim.rule.startswith("noun")):
            return False
        if claim.type == "power" and "term_years" in claim.numbers and not claim.inherited_company:
            return True
        named = {"value", "megawatts", "coins", "gpus"} & claim.numbers.keys()
        if named:
            return True
        if claim.inherited_company and claim.type == "acquisition" and claim.status == ("completed", True):
            return ": verb " in claim.rule and not claim.weak
        if claim.weak or claim.inherited_company:
            return False
        if claim.type in ("debt", "equity", "equipment") and claim.indefinite and ": noun " in claim.rule:
            return True  # its figures may follow; without any it is dropped in the end
        if claim.type == "acquisition" and claim.rule == "acquisition: noun acquisition" and (
            claim.status == ("completed", True)
        ):
            return True
        if claim.type == "partnership" or (claim.type == "acquisition" and ": noun acqui" in claim.rule or ": noun site acq" in claim.rule):
            return claim.indefinite
        return ": verb " in claim.rule and claim.type in ("acquisition", "treasury") and claim.finite

    def _complete(self, statement: Statement) -> None:
        """A statement without a cue of its own may go on about the deal in focus."""
        draft = self._focus
        if draft is None or not statement.quantities:
            return
        if statement.sentence.paragraph - self._focus_paragraph > 2:
            return
        self._finder._figures.extras(draft, statement.quantities)
        strangers = {
            p.name
            for p in statement.parties
            if p.name
            and p.label in ("subj", "obj", "to", "from")
            and p.name not in draft.counterparties
            and p.name not in draft.backers
            and (draft.company is None or p.name != draft.company.name)
        }
        if strangers:
            return
        if draft.type == "acquisition":
            for p in statement.parties:
                if p.name and p.label == "with" and p.head in ("agreed", "agreement", "deal"):
                    tokens = self._tokens
                    draft.counterparties.setdefault(
                        p.name,
                        Named(p.name, tokens.starts[p.first], tokens.ends[p.last - 1], "agreed with"),
                    )
        if self._finder._figures.complete(self._tokens, statement, draft):
            draft.evidence.append(self._span(statement))
        elif any(q.role == "extended" for q in statement.quantities):
            # "the options would lift the total to $8.7bn" after a word on the warrants
            earlier = next(
                (d for d in reversed(self.drafts) if d.type in _CONNECTED and statement.first - d.last_token < 90), None
            )
            if earlier is not None and earlier is not draft and (
                self._finder._figures.complete(self._tokens, statement, earlier)
            ):
                earlier.evidence.append(self._span(statement))

    def _span(self, statement: Statement) -> tuple[int, int]:
        tokens = self._tokens
        return tokens.starts[statement.sentence.first], tokens.ends[statement.sentence.last - 1]

    # -- claims -------------------------------------------------------------------

    def _claim(self, event: Event, quantities: list[Quantity], carried: Named | None) -> Claim | None:
        named = {
            role: [
                n
                for p in parties
                if (role in ("company", "topic") or not _is_owner_word(p))
                and p.category not in _BYSTANDERS
                and (n := self._named(p, event)) is not None
            ]
            for role, parties in event.roles.items()
        }
        acting = {n.name for n in named.get("counterparty", ()) if "refers" not in n.rule}
        named["company"] = [
            n for n in named.get("company", ()) if "refers" not in n.rule or n.name not in acting
        ]
        type_ = event.type or self._type_of(event, named)
        if type_ is None or (event.needs_focus and not any(d.type == type_ for d in self.drafts)):
            return None
        if type_ == "partnership" and event.anaphoric and not event.indefinite and self._focus is not None:
            own = set(self._focus.counterparties)
            if own & {n.name for ns in named.values() for n in ns} or not own:
                return None
        if type_ == "backlog" and event.weak and not any(
            p.label == "subj" and p.name for p in event.statement.parties
        ) and (self._focus is None or self._focus.type not in _CONNECTED or "value" in self._focus.slots):
            window = self._tokens.lower[event.statement.first : event.statement.last]
            if not {"total", "aggregate", "combined", "cumulative"} & set(window):
                return None
        if type_ == "backlog" and self._is_value_of_focus(event):
            assert self._focus is not None
            type_ = self._focus.type
            named = {}
            event.anaphoric = True
        rules = self._finder._lexicon.types[type_]
        if event.anaphoric and event.weak and self._focus is not None and self._focus.type == type_:
            named = self._only_known(named, self._focus)
        if type_ == "equity" and self._is_majority(event):
            # more than half of a company bought is an acquisition
            type_, rules = "acquisition", self._finder._lexicon.types["acquisition"]
            named["company"], named["counterparty"] = named.get("counterparty", []), named.get("company", [])
        if type_ == "acquisition":
            self._turn_rejected(event, named)
        company, counterparties = self._sides(type_, named, rules.side_rank)
        inherited = False
        if type_ in _CONNECTED and company is not None and not counterparties and "from" in {
            p.label for p in event.statement.parties
        } and event.cue.kind == "verb":
            # "in a hall rented from Sakura": by whom the text is about
            user = self._topic.leading()
            if user and user != company.name:
                counterparties = {user: Named(user, company.start, company.end, "topic of the article")}
        if company is None:
            company, inherited = self._inherit(event, type_, counterparties, carried, named), True
        if company is not None and company.name in counterparties:
            del counterparties[company.name]
        numbers = self._finder._figures.numbers(self._tokens, type_, event, quantities)
        statement = event.statement
        found = self._finder._status.find(self._tokens, statement.first, statement.last)
        status = self._status(type_, found)
        if type_ == "acquisition" and not status[1] and event.cue.lemma in _OFFERS:
            status = ("proposed", True)
        if not status[1] and type_ == "equity" and (event.cue.lemma in _DONE_ROUNDS or event.cue.lemma == "raise"):
            status = ("completed", True)
        if type_ == "debt" and event.cue.lemma == "owe":
            status = ("outstanding", True)
        is_new = event.is_new
        if type_ == "debt":
            before = set(self._tokens.lower[max(statement.first, event.cue.first - 9) : event.cue.first])
            if before & {"repurchase", "redeem", "repurchased", "buyback", "back"} and before & {"buy", "buying", "bought", "repurchase", "redeem", "repurchased"}:
                return None
            if event.weak and before & {"reduce", "reducing", "cut", "lower", "trim"}:
                return None
            paid_off = before & {"pay", "paid", "paying", "pays"} and before & {"off", "down"}
            if (before & {"repay", "repaying", "repaid", "repays", "retire"} or paid_off) and numbers:
                status, is_new, event.anaphoric = ("outstanding", True), True, False
        if not status[1] and type_ in ("acquisition", "equipment", "equity") and self._is_done(event):
            status = ("completed", True)
        return Claim(
            type=type_,
            company=company,
            counterparties=counterparties,
            backers={n.name: n for n in named.get("backer", ()) if type_ in (*_CONNECTED, "backlog")},
            numbers=numbers,
            quantities=quantities,
            status=status,
            span=self._span(statement),
            sentence=statement.sentence.first // 20,
            anaphoric=event.anaphoric,
            indefinite=event.indefinite,
            finite=event.cue.form != "base" or claim_is_planned(found),
            tentative=event.type is None,
            is_new=is_new,
            rule=event.rule,
            together=numbers.pop("megawatts", None) if self._is_sum(event) else None,
            in_title=statement.sentence.zone == "title",
            inherited_company=inherited,
            weak=event.weak or event.type is None,
        )

    def _is_sum(self, event: Event) -> bool:
        lower = self._tokens.lower
        window = set(lower[event.statement.first : event.statement.last])
        return event.anaphoric and event.type != "backlog" and bool({"together", "combined", "altogether"} & window)

    def _only_known(self, named: dict[str, list[Named]], draft: Draft) -> dict[str, list[Named]]:
        """Of the parties near "the offer", those of the offer that was told."""
        own = set(draft.counterparties) | ({draft.company.name} if draft.company else set())
        return {role: [n for n in names if n.name in own] for role, names in named.items()}

    def _turn_rejected(self, event: Event, named: dict[str, list[Named]]) -> None:
        """Who rejects a takeover is its target; whose takeover is rejected is the buyer."""
        lower = self._tokens.lower
        window = lower[event.statement.first : event.cue.first]
        if not _REJECTS & set(window):
            return
        subjects = {p.first for p in event.statement.parties if p.label == "subj" or p.head == "shares" or p.label == "mod" and p.last < event.cue.first - 4}
        targets = [n for p in event.statement.parties if p.first in subjects and (n := self._named(p, event))]
        if not targets:
            return
        names = {t.name for t in targets}
        rest = [n for role in ("company", "counterparty", "party") for n in named.get(role, ()) if n.name not in names]
        named["company"], named["counterparty"], named["party"] = rest, targets, []

    def _is_majority(self, event: Event) -> bool:
        lower = self._tokens.lower
        if event.cue.lemma not in ("buy", "acquire", "purchase", "take", "pick up"):
            return False
        return any(
            q.amount.kind == "percent"
            and 50 <= q.amount.value <= 100
            and {"stake", "interest", "holding", "shares", "equity"} & set(lower[q.last : q.last + 3])
            for q in event.statement.quantities
        )

    def _is_done(self, event: Event) -> bool:
        """Whether a verb of buying is in the past: "bought", not "agreed to buy"."""
        if event.cue.kind != "verb" or event.cue.form != "past" or event.cue.lemma in _NOT_DONE_YET:
            return False
        lower = self._tokens.lower
        before = lower[max(event.statement.first, event.cue.first - 4) : event.cue.first]
        return not {"be", "will", "would", "to", "agreed", "not", "being"} & set(before)

    def _status(self, type_: DealType, found: list[str]) -> tuple[str, bool]:
        defaults = self._finder._status.defaults
        if type_ == "backlog":
            return "outstanding", True
        for name in ("terminated", "proposed", "completed", "announced", "outstanding"):
            if name in found:
                if name == "completed" and type_ in ("hosting", "compute", "power"):
                    continue
                if name == "announced" and type_ == "treasury":
                    continue
                if name == "outstanding" and type_ not in ("debt",):
                    continue
                return name, True
        return defaults[type_], False

    def _named(self, party: Party, event: Event) -> Named | None:
        name = party.name or self._topic.resolve(party, event.statement)
        if not name:
            return None
        tokens = self._tokens
        rule = f"{party.label} of {event.cue.lemma}" if party.name else f"{party.reference} refers"
        return Named(name, tokens.starts[party.first], tokens.ends[party.last - 1], rule)

    def _type_of(self, event: Event, named: dict[str, list[Named]]) -> DealType | None:
        """The type of an unspecific "deal": from the deal it points to, or the words around."""
        if sum(len(named.get(r, ())) for r in ("company", "counterparty", "party")) == 1 and not event.anaphoric:
            # "an agreement with Microsoft could bring revenue for IREN's business"
            named["party"] = [*named.get("party", ()), *named.get("topic", ())[:1]]
        names = {n.name for role in ("company", "counterparty", "party") for n in named.get(role, ())}
        for draft in reversed(self.drafts):
            own = set(draft.counterparties) | ({draft.company.name} if draft.company else set())
            if len(names) >= 2 and names <= own:
                return draft.type
        if self._focus is not None and (event.anaphoric or len(names) < 2) and (
            event.statement.sentence.paragraph - self._focus_paragraph <= 2
        ):
            own = set(self._focus.counterparties) | ({self._focus.company.name} if self._focus.company else set())
            if (not names or names & own) and self._can_mean(event, self._focus.type):
                return self._focus.type
        if len(names) < 2 and not any(q.amount.kind in ("money", "power", "duration") for q in event.statement.quantities):
            return None
        found = self._by_context(event, names)
        if found is None and self._focus is not None and self._can_mean(event, self._focus.type):
            own = set(self._focus.counterparties) | ({self._focus.company.name} if self._focus.company else set())
            if names & own and event.statement.sentence.paragraph - self._focus_paragraph <= 2:
                return self._focus.type
        return found

    def _can_mean(self, event: Event, type_: DealType) -> bool:
        """Whether "the contract", "the offer" can be a deal of that type."""
        nouns = self._finder._lexicon.common["deal_anaphora"].get(type_, ())
        lemma = event.cue.lemma
        return lemma in nouns or lemma.rstrip("s") in nouns or lemma + "s" in nouns

    def _by_context(self, event: Event, names: set[str]) -> DealType | None:
        sentence = event.statement.sentence
        lower = self._tokens.lower
        window = lower[event.statement.first : event.statement.last]
        wide = lower[sentence.first : sentence.last]
        before = lower[max(0, sentence.first - 30) : sentence.first]
        scores: dict[DealType, float] = {}
        for type_, rules in self._finder._lexicon.types.items():
            score = 0.0
            for word, weight in rules.context.items():
                parts = word.split()
                if len(parts) == 1:
                    score += weight * (1.0 if word in window else 0.5 if word in wide else 0.4 if word in before else 0.0)
                elif any(wide[i : i + len(parts)] == parts for i in range(len(wide))):
                    score += weight
            if score:
                scores[type_] = score
        scores.pop("backlog", None)
        kinds = [self._topic.categories.get(n, "other") for n in names]
        categories = set(kinds)
        cloudy = sum(k in ("ai_cloud", "hyperscaler", "ai_lab", "chip") for k in kinds)
        if categories & {"utility_power"}:
            scores["power"] = scores.get("power", 0) + 2
        if categories & {"lender_investor", "bank"}:
            scores["debt"] = scores.get("debt", 0) + 1
        if categories & {"miner", "miner_ai", "dc_developer"} and categories & {"ai_cloud", "hyperscaler", "ai_lab"}:
            scores["hosting"] = scores.get("hosting", 0) + 2
        if categories & {"systems", "power_equipment"} and event.cue.lemma in ("order", "contract", "purchase order", "purchase agreement", "supply agreement", "supply contract"):
            scores["equipment"] = scores.get("equipment", 0) + 2.5
        if cloudy >= 2:
            scores["compute"] = scores.get("compute", 0) + 3
        if not scores:
            return None
        best = max(scores, key=lambda t: scores[t])
        return best if scores[best] >= 2 else None

    def _sides(
        self, type_: DealType, named: dict[str, list[Named]], rank: dict[str, int]
    ) -> tuple[Named | None, dict[str, Named]]:
        """The principal and the other side; parties of either role sort by their kind."""

        def place(n: Named) -> int:
            return rank.get(self._topic.categories.get(n.name, "other"), rank.get("other", 50))

        backers = {n.name for n in named.get("backer", ())}
        company = next(iter(named.get("company", ())), None)
        acting = {n.name for n in named.get("party", ()) if n.rule.startswith("subj ")}
        others = {n.name: n for n in named.get("counterparty", ()) if n.name not in acting}
        either: list[Named] = []
        for n in named.get("party", ()):
            if n.name not in {e.name for e in either} and n.name not in others and (
                company is None or n.name != company.name
            ):
                either.append(n)
        if company is None and either:
            free = [n for n in either if n.name not in backers]
            if others or len(free) > 1:
                company = min(free, key=place, default=None)
            elif free:
                only = free[0]
                middle = rank.get("other", 50)
                topics = [n for n in (self._topic.main, self._topic.subject) if n and n != only.name]
                better = any(
                    rank.get(self._topic.categories.get(n, "other"), 50) < place(only)
                    or (n == self._topic.main and type_ in _CONNECTED and place(only) > middle)
                    for n in topics
                )
                if place(only) <= middle or not better:
                    company = only
        if company is not None and place(company) > rank.get("other", 50) and "company" not in {
            role for role, ns in named.items() if any(n.name == company.name for n in ns)
        } and self._is_plausible(self._topic.main, rank) and self._topic.main not in {n.name for n in either}:
            if type_ in ("debt", "hosting"):
                company = None  # only lenders are named: the borrower is who the article is about
        for n in either:
            if company is not None and n.name == company.name:
                continue
            others.setdefault(n.name, n)
        if company is not None:
            others.pop(company.name, None)
        for name in backers & others.keys():
            if len(others) > 1:
                del others[name]
        return company, others

    def _inherit(
        self,
        event: Event,
        type_: DealType,
        counterparties: dict[str, Named],
        carried: Named | None,
        named: dict[str, list[Named]],
    ) -> Named | None:
        """The principal that the statement leaves out: the deal's, the sentence's, the topic."""
        if event.anaphoric and self._focus is not None and self._focus.type == type_ and self._focus.company:
            if not counterparties or set(counterparties) & set(self._focus.counterparties) or not self._focus.counterparties:
                return self._focus.company
        if carried is not None and carried.name not in counterparties:
            return carried
        for n in named.get("topic", ()):
            if n.name not in counterparties:
                return n
        rank = self._finder._lexicon.types[type_].side_rank
        near = self._focus is not None and event.statement.sentence.paragraph - self._focus_paragraph <= 1
        if near and self._focus and self._focus.company and self._focus.company.name not in counterparties:
            if self._is_plausible(self._focus.company.name, rank):
                return self._focus.company
        topics = [self._topic.leading(), self._topic.main, *reversed(self._topic.recent)]
        least = max(
            (rank.get(self._topic.categories.get(n, "other"), 50) for n in counterparties),
            default=rank.get("other", 50),
        )
        plausible = [n for n in topics if n and self._is_plausible(n, rank, least)]
        for name in plausible or topics[:2]:
            if name and name not in counterparties and name not in {n.name for n in named.get("backer", ())}:
                start, end = self._span(event.statement)
                place = next((m for m in self._text.companies if m.name == name), None)
                if place is None:
                    return None
                del start, end
                tokens = self._tokens
                return Named(name, tokens.starts[place.first], tokens.ends[place.last - 1], "topic of the article")
        return None

    def _is_plausible(self, name: str, rank: dict[str, int], least: int = 0) -> bool:
        """Whether a company of that kind can be the principal of such a deal.

        `least` is the rank of the other side: a cloud can be the landlord of a cloud.
        """
        middle = max(rank.get("other", 50), least)
        return rank.get(self._topic.categories.get(name, "other"), middle) <= middle

    # -- backers ------------------------------------------------------------------

    def _backers(self, statement: Statement) -> list[Party]:
        """Who backstops or guarantees in this statement: the subject or the agent of the verb."""
        lower = self._tokens.lower
        places = [
            i
            for i in range(statement.first, statement.last)
            if lower[i] in _BACKING
            or (i + 1 < statement.last and (lower[i], lower[i + 1]) in _BACKING_PAIRS)
        ]
        if not places:
            return []
        place = places[0]
        before = [p for p in statement.parties if p.last <= place and p.label == "subj"]
        agents = [
            p
            for p in statement.parties
            if p.first > place and p.label in ("by", "from") and p.head in (*_BACKING, "backed", "supported", "support")
        ]
        if agents:
            return agents[:2]
        if before:
            return before[-1:]
        nearest = [p for p in statement.parties if p.label in ("with", "of") and p.last <= place]
        return nearest[-1:]

    def _survives(self, event: Event, backers: list[Party]) -> bool:
        """Drop the guarantor from an event's sides; an event with nothing left is none."""
        out = {p.first for p in backers}
        for role, parties in event.roles.items():
            if role != "backer":
                event.roles[role] = [p for p in parties if p.first not in out]
        if event.type == "equity":
            return True
        sides = [p for r in ("company", "counterparty", "party") for p in event.parties(r)]
        plain = any(
            not q.role and q.amount.kind in ("money", "power") for q in event.statement.quantities
        )
        return len({p.name or p.reference for p in sides}) >= 2 or plain

    def _note_backers(self, statement: Statement, backers: list[Party]) -> None:
        """Whoever stands behind the tenant belongs to the lease that is spoken of."""
        if not backers:
            return
        drafts = [
            d
            for d in self.drafts
            if d.type in _CONNECTED
            and d.company is not None
            and statement.sentence.first - d.last_token < 260
        ]
        if not drafts:
            return
        draft = self._focus if self._focus in drafts else drafts[-1]
        named = {p.name for p in statement.parties if p.name}
        draft = next((d for d in reversed(drafts) if named & d.counterparties.keys()), draft)
        assert draft is not None
        tokens = self._tokens
        for party in backers:
            name = party.name or self._topic.resolve(party, statement)
            if not name or (draft.company and name == draft.company.name) or name in draft.counterparties:
                continue
            draft.backers.setdefault(
                name, Named(name, tokens.starts[party.first], tokens.ends[party.last - 1], "backing")
            )

    def _note_role_nouns(self, statement: Statement) -> None:
        """"X acts as the lender", "The sellers are X and Y", "its tenant, X"."""
        lower, tokens = self._tokens.lower, self._tokens
        for index in range(statement.first, statement.last):
            for type_, side, length in self._finder._role_nouns.get(lower[index], ()):
                parties = self._bearers(statement, index, index + length)
                if not parties:
                    continue
                draft = next((d for d in reversed(self.drafts) if d.type == type_), None)
                if draft is None or statement.first - draft.last_token > 160:
                    continue
                for party in parties:
                    own = draft.company.name if draft.company else ""
                    if side == "counterparty" and party.name != own and not (
                        type_ in _CONNECTED and draft.counterparties
                    ):
                        place = Named(party.name, tokens.starts[party.first], tokens.ends[party.last - 1], f"named as {lower[index]}")
                        draft.counterparties.setdefault(party.name, place)
                break

    def _note_investors(self, statement: Statement) -> None:
        """"X and Y also took part", "X and Y are among the investors"."""
        lower, tokens = self._tokens.lower, self._tokens
        window = lower[statement.first : statement.last]
        if not (_JOINING & set(window)):
            return
        draft = next((d for d in reversed(self.drafts) if d.type == "equity"), None)
        if draft is None or statement.first - draft.last_token > 90:
            return
        own = draft.company.name if draft.company else ""
        for party in statement.parties:
            if party.name and party.name != own and party.label in ("subj", "by", "with", "from", "including", "obj"):
                draft.counterparties.setdefault(
                    party.name,
                    Named(party.name, tokens.starts[party.first], tokens.ends[party.last - 1], "named as investor"),
                )

    def _bearers(self, statement: Statement, first: int, last: int) -> list[Party]:
        """The named parties to whom a role noun at tokens `first` to `last` belongs."""
        lower = self._tokens.lower
        named = [p for p in statement.parties if p.name and p.label not in ("backer", "owner")]
        before = lower[max(statement.first, first - 5) : first]
        if "as" in before:
            place = first - 1 - before[::-1].index("as")
            left = [p for p in named if p.last <= place]
            if left and place - left[-1].last <= 4:
                joined = [p for p in left if p.label == left[-1].label]
                return joined[-3:]
        after = lower[last] if last < statement.last else ""
        if after in ("is", "are", "was", "were"):
            right = [p for p in named if p.first > last]
            return right[:1] + [p for p in right[1:] if p.label == right[0].label]
        nxt = last + 1 if after == "," else last
        right = [p for p in named if p.first == nxt]
        for party in named:
            if right and 1 <= party.first - right[-1].last <= 2 and lower[party.first - 1] in ("and", ",", "&"):
                right.append(party)
        if right and {"the", "its", "their", "sole", "anchor"} & set(before):
            return right
        return []

    def _is_value_of_focus(self, event: Event) -> bool:
        """Whether "contracted revenue" is that of the deal just told, not a total."""
        draft = self._focus
        if draft is None or draft.type not in _CONNECTED:
            return False
        lower = self._tokens.lower
        window = lower[event.statement.first : event.statement.last]
        extended = [q for q in event.statement.quantities if q.role == "extended"]
        if extended and "value" in draft.slots:
            return True
        if not event.weak:
            return False
        if {"total", "aggregate", "combined", "cumulative", "all", "now", "rises", "brings", "backlog"} & set(window):
            return False
        subjects = {p.name for p in event.statement.parties if p.label == "subj" and p.name}
        own = set(draft.counterparties) | ({draft.company.name} if draft.company else set())
        return "value" not in draft.slots and subjects <= own and (
            event.statement.sentence.paragraph - self._focus_paragraph <= 2
        )


def _is_owner_word(party: Party) -> bool:
    """Whether a party is but a pronoun: "its campus", "with it" make nobody a partner."""
    return party.reference in ("pronoun its", "pronoun their", "pronoun our") or (
        party.reference == "pronoun it" and party.label == "with"
    )


def claim_is_planned(statuses: list[str]) -> bool:
    """Whether an infinitive is an act by itself: "agreed to buy", not "to buy more bitcoin"."""
    return "announced" in statuses or "proposed" in statuses
