#!/usr/bin/env python3
"""Computes every limit anew from books that `grantledger export --format …` wrote, and names those that are broken.

It needs Python 3.9 or newer and nothing else: no ledger, no database, no code of the program that wrote the books.
"""
import argparse
import calendar
import csv
import datetime
import hashlib
import json
import os
import re
import sys
from array import array
from urllib.parse import unquote

EXPLANATION = """
What is read (all three lie side by side; --caps and --manifest name them where they do not):
  FILE                 the books, as hledger, beancount, csv or jsonl; the first line tells which
  FILE.caps.jsonl      each limit as the ledger told it: cap, rate, basis, window, and what is used of it
  FILE.manifest.json   how many entries there are, and the SHA-256 of both files

What is computed, from the postings to the cap:… accounts and the entries BASIS.SET:
  limit     the lower of the cap and rate x basis, rounded down to a fen. The basis is the one posted last
  use       committed + disbursed + forfeited. No posting that adds to it may bring it above the limit that held when
            it was posted (the order is that of seq, not of dates), and no payment disbursed + forfeited
  rolling   under a rolling window no such number of months in a row may hold more commitments than the limit, counted
            at the days they were made, less what was given back of them
  window    under a window of years or months, or a calendar year, COMMIT and DISBURSE are dated inside it; where it
            governs cost, the cost was incurred inside it
  totals    what the books show (own) and what others use of a shared limit make what the ledger says is used

A basis that was lowered later may leave more in use than the limit: that is an excess, and no broken limit. What other
tenants did is in their journals. Of a limit that they share, this journal shows its own use, and the caps file the
rest: there each posting is judged by the cap, and what is in use at the end by rate x basis.

Exit codes: 0 every limit holds; 1 a limit is broken, or the files are not those that were exported: one line for each
on standard output; 2 a file cannot be read or understood.

Examples:
  grantledger export --tenant lingang --format hledger --output lingang.journal
  check_limits.py lingang.journal
"""

COUNTED = ("committed", "disbursed", "forfeited")
RELATIVE_WINDOW = re.compile(r"(rolling-)?P([1-9][0-9]{0,3})([YM])\Z")


class Unreadable(Exception):
    """A file cannot be read or understood; the message says which, where and why."""


# ---------------------------------------------------------------------------------------------- figures and days


def fen(text):
    """Yuan with two decimals as whole fen: '-12.34' is -1234."""
    if not re.match(r"-?[0-9]+\.[0-9]{2}\Z", text):
        raise ValueError(f'"{text}" is no amount of yuan with two decimals')
    return int(text.replace(".", ""))


def yuan(amount):
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def share(rate, basis):
    """rate x basis, rounded down to a fen; the rate has at most four decimals: '33.3333%'."""
    whole, _, decimals = rate.rstrip("%").partition(".")
    millionths = int(whole + decimals.ljust(4, "0"))
    return max(0, basis) * millionths // 1_000_000


def day(text):
    return datetime.date.fromisoformat(text).toordinal()


def corresponding(ordinal, months):
    """The same day of the month so many months later, or that month's last; never past the calendar."""
    date = datetime.date.fromordinal(ordinal)
    count = date.year * 12 + date.month - 1 + months
    year, month = divmod(count, 12)
    if year > 9999:
        return datetime.date.max.toordinal()
    if year < 1:
        return 1
    return datetime.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1])).toordinal()


def heaviest_window(dated, months, days):
    """The most that any window of so many months holds which holds one of `days`; `dated` is {day: amount}."""
    heaviest = 0
    for end in set(days) | set(dated):
        begin = corresponding(end, -months) + 1
        if any(begin <= one <= end for one in days):
            heaviest = max(heaviest, sum(amount for on, amount in dated.items() if begin <= on <= end))
    return heaviest


# ---------------------------------------------------------------------------------------------- reading the books


class Entry:
    """An entry as far as limits hang on it."""

    __slots__ = ("seq", "name", "date", "verb", "scheme", "subject", "period", "incurred", "amount", "moves")

    def __init__(self, seq, name, date, verb, amount):
        self.seq, self.name, self.date, self.verb, self.amount = seq, name, date, verb, amount
        self.scheme = self.subject = self.period = self.incurred = None
        #: (account of a cap, fen; debits above zero)
        self.moves = []


def cap_of_ledger_name(name):
    """('owner|scheme|subject…', day or None, word) of an account of a limit; None for another account."""
    if not name.startswith("cap:"):
        return None
    rest, word = name[4:].rsplit(":", 1)
    if word != "dated":
        return rest, None, word
    owner, on = rest.rsplit(":", 1)
    return owner, day(on), word


def cap_of_hledger(name):
    """Colons within an identifier are %3A there."""
    return cap_of_ledger_name(unquote(name)) if name.startswith("cap:") else None


BEANCOUNT_ESCAPE = re.compile(r"-(-|[0-9A-F]{2})")


def cap_of_beancount(name):
    if not name.startswith("Equity:Cap:"):
        return None
    parts = {}
    *labelled, word = name[len("Equity:Cap:") :].split(":")
    for part in labelled:
        label, _, text = part.partition("-")
        parts[label] = BEANCOUNT_ESCAPE.sub(lambda m: "-" if m[1] == "-" else chr(int(m[1], 16)), text)
    owner = "|".join((parts["Owner"], parts["Scheme"], parts["Subject"]))
    if "Payer" in parts:
        owner += "|" + parts["Payer"]
    if "Year" in parts:
        owner += ("|" if "Payer" in parts else "||") + parts["Year"]
    return owner, day(parts["Day"]) if "Day" in parts else None, word.lower()


def finish(entry, tags):
    """Puts the tags of a text format into an entry."""
    entry.seq, entry.verb, entry.amount = int(tags["seq"]), tags["verb"], fen(tags["amount"])
    entry.scheme, entry.subject = tags.get("scheme"), tags.get("subject")
    entry.period = int(tags["period"]) if "period" in tags else None
    entry.incurred = day(tags["incurred"]) if "incurred" in tags else None
    return entry


def read_hledger(lines):
    header = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) \* (?:\((E[0-9]+-[0-9]+)\) )?")
    tag = re.compile(r" {4}; ([a-z-]+):(.*)\Z")
    posting = re.compile(r" {4}(\S+)  (-?[0-9]+\.[0-9]{2}) CNY\Z")
    entry, tags = None, {}
    for line in lines:
        match = header.match(line)
        if match or not line.startswith(" "):
            if entry:
                yield finish(entry, tags)
            entry, tags = (Entry(0, match[2], day(match[1]), "", 0), {}) if match and match[2] else (None, {})
        elif entry and (match := tag.match(line)):
            tags[match[1]] = unquote(match[2])
        elif entry and (match := posting.match(line)):
            cap = cap_of_hledger(match[1])
            if cap:
                entry.moves.append((cap, fen(match[2])))
        elif entry:
            raise ValueError("this belongs to no transaction as grantledger writes them")
    if entry:
        yield finish(entry, tags)


def read_beancount(lines):
    header = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) \* .* \^(E[0-9]+-[0-9]+)(?: \^E[0-9]+-[0-9]+)?\Z")
    metadata = re.compile(r'  ([a-z][a-z-]*): "(.*)"\Z')
    posting = re.compile(r"  (\S+)  (-?[0-9]+\.[0-9]{2}) CNY\Z")
    entry, tags = None, {}
    for line in lines:
        if not line.startswith(" "):
            if entry:
                yield finish(entry, tags)
            match = header.match(line)
            entry, tags = (Entry(0, match[2], day(match[1]), "", 0), {}) if match else (None, {})
        elif entry and (match := metadata.match(line)):
            tags[match[1]] = re.sub(r"\\(.)", r"\1", match[2])
        elif entry and (match := posting.match(line)):
            cap = cap_of_beancount(match[1])
            if cap:
                entry.moves.append((cap, fen(match[2])))
        elif entry:
            raise ValueError("this belongs to no transaction as grantledger writes them")
    if entry:
        yield finish(entry, tags)


def read_csv(lines):
    entry = None
    for row in csv.DictReader((line + "\n" for line in lines), strict=True):
        if row["row"] not in ("entry", "posting"):
            continue
        if entry is None or row["entry"] != entry.name:
            if entry:
                yield entry
            entry = finish(
                Entry(0, row["entry"], day(row["date"]), "", 0), {name: text for name, text in row.items() if text}
            )
        cap = cap_of_ledger_name(row["account"])
        if cap:
            entry.moves.append((cap, fen(row["debit"]) if row["debit"] else -fen(row["credit"])))
    if entry:
        yield entry


def read_jsonl(lines):
    for line in lines:
        shown = json.loads(line).get("entry")
        if shown is None:
            continue
        content = shown.get("content", {})
        entry = Entry(shown["seq"], shown["entry"], day(shown["date"]), shown["kind"], fen(shown["amount"]))
        entry.scheme, entry.subject = content.get("scheme"), content.get("subject")
        entry.period = int(content["period"]) if "period" in content else None
        entry.incurred = day(content["incurred"]) if "incurred" in content else None
        for transfer in shown["transfers"]:
            for side, sign in (("debit", 1), ("credit", -1)):
                cap = cap_of_ledger_name(transfer[side])
                if cap:
                    entry.moves.append((cap, sign * fen(transfer["amount"])))
        yield entry


def read_books(path):
    """Each entry of the books, in their order."""
    place = 0
    try:
        with open(path, encoding="utf-8", newline="") as file:

            def lines():
                nonlocal place
                for line in file:
                    place += 1
                    yield line.rstrip("\r\n")

            numbered = lines()
            first = next(numbered, "")
            if first.startswith("; The books of ") and first.endswith("--format hledger."):
                reader = read_hledger(numbered)
            elif first.startswith("; The books of ") and first.endswith("--format beancount."):
                reader = read_beancount(numbered)
            elif first.startswith("row,date,seq,"):
                reader = read_csv(line for part in ([first], numbered) for line in part)
            elif first.startswith("{"):
                reader = read_jsonl(line for part in ([first], numbered) for line in part)
            else:
                raise ValueError("it begins like no books of `grantledger export --format …`")
            yield from reader
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from None
    except KeyError as error:
        raise Unreadable(f"{path}, at line {place}: {error.args[0]} is missing") from None
    except (ValueError, TypeError, AttributeError, csv.Error) as error:
        raise Unreadable(f"{path}, at line {place}: {error}") from None


# ---------------------------------------------------------------------------------------------- limits


class Limit:
    """A line of the caps file, and what the books show of it."""

    def __init__(self, told):
        self.told = told
        self.scheme, self.subject, self.period = told["scheme"], told["subject"], told["period"]
        self.known = "limit" in told
        self.own = {word: fen(told["own"][word]) for word in COUNTED}
        self.cap = self.rate = self.limit = self.months = self.span = None
        self.is_rolling = False
        if self.known:
            self.read_terms(told)
        self.used = dict.fromkeys(COUNTED, 0)
        self.dated = {}
        self.basis = None
        self.basis_entry = None
        #: Whether another tenant set the basis that is in force: then this journal cannot tell what it was before.
        self.has_foreign_basis = False
        self.faults = []

    def read_terms(self, told):
        self.total = {word: fen(told[word]) for word in COUNTED}
        self.others = {word: fen(told["others"][word]) for word in COUNTED}
        self.told_basis = None if told["basis"] is None else fen(told["basis"])
        self.limit = None if told["limit"] is None else fen(told["limit"])
        self.cap = None if told["cap"] is None else fen(told["cap"])
        self.rate = told["rate"]
        match = RELATIVE_WINDOW.match(told["window"])
        if match:
            self.months = int(match[2]) * (12 if match[3] == "Y" else 1)
            self.is_rolling = match[1] is not None
            if not self.is_rolling:
                opened = day(told["opened"])
                self.span = (opened, corresponding(opened, self.months))
        elif told["window"] == "calendar-year":
            self.span = (day(f"{self.period:04d}-01-01"), day(f"{self.period:04d}-12-31"))
        elif told["window"] != "none":
            raise ValueError(f'"{told["window"]}" is no window')

    @property
    def name(self):
        return f"{self.scheme}/{self.subject}" + (f"/{self.period}" if self.period else "")

    @property
    def use(self):
        return sum(self.used.values())

    def broken(self, fault):
        self.faults.append(fault)

    def now(self):
        """The limit as it is with the entries so far, in fen; None where there is none, or this journal cannot tell."""
        shared = None
        if self.rate is not None:
            # Where payers share a limit another one may have set a basis too, in a journal of its own.
            is_known = self.basis is not None and not any(self.others.values())
            if self.has_foreign_basis or (self.told["shared"] and not is_known):
                return self.cap
            shared = share(self.rate, self.basis or 0)
        figures = [figure for figure in (self.cap, shared) if figure is not None]
        return min(figures) if figures else None

    # --- each entry in the order in which it was posted

    def post(self, verb, on, incurred, seq, moves):
        """`moves` are (word, day of a rolling window, fen)."""
        before = self.use
        restored = []
        for word, dated, amount in moves:
            if word == "dated":
                self.dated[dated] = self.dated.get(dated, 0) + amount
                if amount > 0:
                    restored.append(dated)
                if not self.dated[dated]:
                    del self.dated[dated]
            elif word in self.used:
                self.used[word] += amount
        if not self.known:
            return
        at = f"since entry {seq} ({verb} of {datetime.date.fromordinal(on)})"
        most = self.now()
        if most is not None and self.is_rolling:
            held = heaviest_window(self.dated, self.months, restored) if restored else 0
            if held > most:
                self.broken(f"{yuan(held)} is committed within {self.months} months, over the limit of {yuan(most)}, {at}")
        elif most is not None:
            if self.use > before and self.use > most:
                self.broken(f"{yuan(self.use)} is in use, over the limit of {yuan(most)}, {at}")
            paid = self.used["disbursed"] + self.used["forfeited"]
            if verb == "DISBURSE" and paid > most:
                self.broken(f"{yuan(paid)} is paid, over the limit of {yuan(most)}, {at}")
        if self.told["binding"] == "parameter" and self.use:
            self.broken(f"{yuan(self.use)} is in use while a figure of the limit was never set, {at}")
        self.judge_window(verb, on, incurred, seq)

    def judge_window(self, verb, on, incurred, seq):
        if self.span is None or verb not in ("COMMIT", "DISBURSE"):
            return
        first, last = self.span
        judged, what = on, "is dated"
        if self.told["governs"] == "cost":
            if verb == "DISBURSE" or self.period:
                return
            judged, what = incurred, "is for a cost of"
        if judged is None or not first <= judged <= last:
            shown = "no day" if judged is None else datetime.date.fromordinal(judged)
            window = f"{datetime.date.fromordinal(first)} to {datetime.date.fromordinal(last)}"
            self.broken(f"entry {seq} ({verb}) {what} {shown}, outside of the window from {window}")

    # --- at the end

    def close(self, is_quiet):
        """Compares what the ledger told with what the books show. Without quiet they are of two moments."""
        if is_quiet:
            for word in COUNTED:
                if self.used[word] != self.own[word]:
                    self.broken(f"the books show {yuan(self.used[word])} {word}, the caps file {yuan(self.own[word])}")
        if not self.known:
            return
        self.close_terms()
        if is_quiet:
            self.close_use()

    def close_terms(self):
        told, expected = self.told, self.cap
        if self.rate is not None:
            part = share(self.rate, self.told_basis)
            if part != fen(told["share"]):
                self.broken(f"{self.rate} of {yuan(self.told_basis)} is {yuan(part)}, and {told['share']} was told")
            expected = part if expected is None else min(expected, part)
            told_by = (told["basis-entry"], self.told_basis)
            if not self.has_foreign_basis and told_by != (self.basis_entry, self.basis):
                self.broken(
                    f"the last basis in the books is {yuan(self.basis or 0)} of {self.basis_entry}, and "
                    f"{told['basis']} of {told['basis-entry']} was told"
                )
        if told["binding"] != "parameter" and expected != self.limit:
            shown = ["none" if figure is None else yuan(figure) for figure in (expected, self.limit)]
            self.broken(f"its cap and rate make a limit of {shown[0]}, and {shown[1]} was told")
        if self.span is not None:
            shown = tuple(datetime.date.fromordinal(one).isoformat() for one in self.span)
            if (told["from"], told["until"]) != shown:
                self.broken(f"its window is {shown[0]} to {shown[1]}, and {told['from']} to {told['until']} was told")

    def close_use(self):
        told = self.told
        for word in COUNTED:
            others = self.others[word]
            if others < 0 or self.own[word] + others != self.total[word]:
                self.broken(f"{yuan(self.own[word])} and others' {yuan(others)} {word} are not the {told[word]} told")
            elif others and told["shared"] is False:
                self.broken(f"others have {yuan(others)} {word} of a limit that is the payer's own")
        if self.limit is None or self.is_rolling:
            return
        used = sum(self.total.values())
        excess, rest = max(0, used - self.limit), max(0, self.limit - used)
        if fen(told["excess"]) != excess:
            self.broken(f"{yuan(used)} of {yuan(self.limit)} is in use, an excess of {yuan(excess)}, and {told['excess']} was told")
        if told["binding"] in ("cap", "rate", "none") and told["remaining"] is not None and fen(told["remaining"]) != rest:
            self.broken(f"{yuan(rest)} remains of {yuan(self.limit)}, and {told['remaining']} was told")
        if excess and (self.rate is None or self.cap is not None and used > self.cap):
            self.broken(f"{yuan(used)} is in use, over the cap of {yuan(self.cap)}")


def read_caps(path):
    """({(scheme, subject, year or None): Limit}, whether nothing was posted while they were asked for)."""
    limits, is_quiet = {}, True
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                told = json.loads(line)
                if number == 1:
                    if told.get("format") != "grantledger-caps-1":
                        raise ValueError("this is no caps file")
                    is_quiet = told["quiet"]
                    continue
                limit = Limit(told["cap"])
                if (limit.scheme, limit.subject, limit.period) in limits:
                    raise ValueError(f"{limit.name} stands there twice")
                limits[limit.scheme, limit.subject, limit.period] = limit
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else error
        raise Unreadable(f"{path}, line {number}: {reason}") from None
    return limits, is_quiet


# ---------------------------------------------------------------------------------------------- the whole


class Postings:
    """What the entries do to limits, kept small, to be taken in the order of seq: books are in that of dates."""

    def __init__(self):
        self.dates = array("i")
        self.verbs = array("b")
        self.verb_numbers = {}
        #: By seq: (cap, [(word, day, fen)], day of the cost)
        self.moves = {}
        #: By seq: ((scheme, subject, year), entry, fen)
        self.bases = {}

    def add(self, entry):
        if entry.seq < 1:
            raise Unreadable(f"{entry.name} has the place {entry.seq}, which no entry has")
        if entry.seq > len(self.dates):
            missing = entry.seq - len(self.dates)
            self.dates.extend([0] * missing)
            self.verbs.extend([-1] * missing)
        if self.dates[entry.seq - 1]:
            return f"entry {entry.seq} stands in the books twice"
        self.dates[entry.seq - 1] = entry.date
        self.verbs[entry.seq - 1] = self.verb_numbers.setdefault(entry.verb, len(self.verb_numbers))
        if entry.verb == "BASIS.SET":
            self.bases[entry.seq] = ((entry.scheme, entry.subject, entry.period), entry.name, entry.amount)
        counted = [(cap, on, word, amount) for (cap, on, word), amount in entry.moves if word != "used"]
        if counted:
            moves = tuple((word, on, amount) for _, on, word, amount in counted)
            self.moves[entry.seq] = (sys.intern(counted[0][0]), moves, entry.incurred)
        return None


def key_of_cap(cap):
    """(scheme, subject, year or None) of 'owner|scheme|subject[|payer][|year]'."""
    _, scheme, subject, *rest = cap.split("|")
    return scheme, subject, int(rest[1]) if len(rest) > 1 else None


def check(books, caps_path, manifest_path):
    """What is wrong, a line each, and how many limits and entries there are."""
    limits, is_quiet = read_caps(caps_path)
    faults = []
    postings = Postings()
    for entry in read_books(books):
        fault = postings.add(entry)
        if fault:
            faults.append(fault)
    missing = [seq for seq, on in enumerate(postings.dates, 1) if not on]
    faults += [f"entry {seq} is missing in the books" for seq in missing[:10]]
    if len(missing) > 10:
        faults.append(f"{len(missing) - 10} more entries are missing in the books")
    faults += check_manifest(manifest_path, books, caps_path, len(postings.dates), len(limits))

    # The last basis that the books have tells whether another tenant set one since.
    for seq in sorted(postings.bases):
        key, name, amount = postings.bases[seq]
        if key in limits:
            limits[key].basis, limits[key].basis_entry = amount, name
    for limit in limits.values():
        limit.has_foreign_basis = limit.known and limit.told["basis-entry"] is None
        if limit.has_foreign_basis and limit.basis is not None and limit.basis == limit.told_basis:
            limit.broken(f"entry {limit.basis_entry} set the basis, and the caps file says that another tenant did")
        limit.basis = limit.basis_entry = None

    verbs = {number: verb for verb, number in postings.verb_numbers.items()}
    unknown = set()
    for seq in sorted(postings.moves.keys() | postings.bases.keys()):
        if seq in postings.bases:
            key, name, amount = postings.bases[seq]
            if key in limits:
                limits[key].basis, limits[key].basis_entry = amount, name
            continue
        cap, moves, incurred = postings.moves[seq]
        limit = limits.get(key_of_cap(cap))
        if limit is None:
            unknown.add(cap)
            continue
        limit.post(verbs[postings.verbs[seq - 1]], postings.dates[seq - 1], incurred, seq, moves)
    faults += [f"{cap.split('|', 1)[1]}: the books use it, and the caps file does not have it" for cap in sorted(unknown)]
    for limit in limits.values():
        limit.close(is_quiet)
        if limit.faults:
            more = len(limit.faults) - 3
            faults.append(f"{limit.name}: " + "; ".join(limit.faults[:3]) + (f"; and {more} more" if more > 0 else ""))
    return faults, len(limits), len(postings.dates), is_quiet


def check_manifest(path, books, caps, entries, limits):
    try:
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        if manifest.get("format") != "grantledger-manifest-1":
            raise ValueError("this is no manifest")
        told = [(books, manifest["books"], "entries", manifest["entries"], entries)]
        if manifest["caps"] is not None:
            told.append((caps, manifest["caps"], "limits", manifest["caps"]["lines"], limits))
        faults = []
        for file, facts, things, expected, found in told:
            if found != expected:
                faults.append(f"{file} has {found} {things}, and {expected} were exported")
            if digest(file) != facts["sha256"]:
                faults.append(f"{file} was changed since it was exported: its SHA-256 is not the manifest's")
        return faults
    except OSError as error:
        raise Unreadable(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{path}: {error}") from None


def digest(path):
    hasher = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            hasher.update(piece)
    return hasher.hexdigest()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXPLANATION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", metavar="FILE", help="the books")
    parser.add_argument("--caps", metavar="FILE", help="the limits (default: beside the books)")
    parser.add_argument("--manifest", metavar="FILE", help="the manifest (default: beside the books)")
    options = parser.parse_args()
    try:
        faults, limits, entries, is_quiet = check(
            options.books,
            options.caps or options.books + ".caps.jsonl",
            options.manifest or options.books + ".manifest.json",
        )
    except Unreadable as error:
        print(f"{os.path.basename(sys.argv[0])}: {error}", file=sys.stderr)
        return 2
    if not is_quiet:
        print("entries were posted during the export: what is used in all was not compared", file=sys.stderr)
    for fault in faults:
        print(fault)
    if faults:
        return 1
    print(f"{limits} limits hold over {entries} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
