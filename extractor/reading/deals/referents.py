"""Whom "the company", "its new tenant" or nobody at all stands for in a deal."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.reading.deals.scene import REACH, Scene


class ReferentFeatures:
    """What speaks for a name as the one meant at a place."""

    def features(
        self,
        scene: Scene,
        name: str,
        reference: str,
        place: tuple[int, int],
        role: str,
        type_: str,
        taken: Mapping[str, str],
    ) -> list[str]:
        """`reference` is the kind of description ("" where there is none).

        `taken` are names that already have another role in the deal.
        """
        kind = reference or "nobody"
        category = scene.categories.get(name, "other")
        is_main, in_title = name == scene.main, name in scene.in_title
        found = [
            "any",
            f"{role} category {category}",
            f"{kind} {role} category {category}",
            f"{role} {type_} category {category}",
            f"taken {taken.get(name, '')} {kind}",
            f"taken {taken.get(name, '')} {role}",
            f"named {min(4, scene.counts[name])}",
            f"{role} names {min(5, len(scene.names))}",
        ]
        last = None
        acting = ""  # the latest subject
        opening = ""  # the first name of the paragraph
        before = ""  # the first name of the sentence before
        recent: list[str] = []  # distinct names, the latest last
        paragraph = scene.sentences[place[0]].paragraph
        times, here, behind = 0, False, False
        between: set[str] = set()
        number = place[0]
        around = scene.items[max(0, number - REACH) : number + 1]
        for mention in (item.mention for items in around for item in items):
            if mention is None or mention.kind != "co":
                continue
            if (mention.sentence, mention.position) < place:
                if not opening and scene.sentences[mention.sentence].paragraph == paragraph:
                    opening = mention.name
                if not before and mention.sentence == number - 1:
                    before = mention.name
                if mention.name in recent:
                    recent.remove(mention.name)
                recent.append(mention.name)
                if mention.name == name:
                    last, times, between = mention, times + 1, set()
                    here = here or mention.sentence == number
                else:
                    between.add(mention.name)
                if mention.label == "subj":
                    acting = mention.name
            elif mention.name == name and mention.sentence == number:
                behind = True
        if last is None:
            found += [f"{kind} not yet", f"{role} not yet"]
        else:
            apart = number - last.sentence
            step = "0" if apart == 0 else "1" if apart == 1 else "2" if apart <= 3 else "4"
            others = min(len(between), 3)
            found += [
                f"{kind} apart {step}",
                f"{role} apart {step}",
                f"{kind} between {others}",
                f"{kind} apart {step} between {others}",
                f"{kind} label {last.label}",
                f"{kind} label {last.label} {step}",
                f"{role} label {last.label}",
            ]
        acts = acting == name
        rank = min(3, len(recent) - 1 - recent.index(name)) if name in recent else 4
        opens = "" if not opening else opening == name
        found += [
            f"{kind} rank {rank}",
            f"{role} {kind} rank {rank}",
            f"{kind} opens {opens}",
            f"{kind} before {before == name}",
            f"{kind} opens {opens} acting {acts} rank {rank}",
            f"{kind} opens {opens} before {before == name} main {is_main}",
            f"{kind} taken {taken.get(name, '')} rank {rank}",
        ]
        found += [
            f"{kind} here {here}",
            f"{kind} behind {behind}",
            f"{kind} times {min(times, 4)}",
            f"{kind} {role} {is_main} {acts} {in_title} {here}",
        ]
        for who in (kind, role):
            found += [
                f"{who} main {is_main}",
                f"{who} in title {in_title}",
                f"{who} acting {acts}",
                f"{who} self {name == scene.self_name}",
            ]
        return found
