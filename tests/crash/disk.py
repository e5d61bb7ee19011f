"""What a disk may hold after a power cut: the calls that record.c wrote down, played as far as the cut, and of what was not synced
by then nothing, a part in order, any part, or any sectors of it.

POSIX and no more is relied on: a name is there once its folder was synced, contents once the file was."""
import random, struct

ENTRY = struct.Struct("=IIiiq")
LIFE, OPEN, CLOSE, WRITE, TRUNCATE, SYNC, SYNCED, UNLINK, EVENT, FRAME = range(10)
SECTOR = 512
KINDS = ("nothing", "prefix", "subset", "torn")


def read_record(path):
    """Each call: kind, fd, more, at, data."""
    with open(path, "rb") as file:
        while len(head := file.read(ENTRY.size)) == ENTRY.size:
            kind, length, fd, more, at = ENTRY.unpack(head)
            data = file.read(length)
            if len(data) == length:  # the process may have been killed in it
                yield kind, fd, more, at, data


class File:
    def __init__(self):
        self.durable, self.waiting = bytearray(), []  # (when, at, data); data of None: cut there

    def sync(self, count):
        for _, at, data in self.waiting[:count]:
            put(self.durable, at, data)
        del self.waiting[:count]


def put(content, at, data):
    if data is None and len(content) > at:
        del content[at:]
    elif len(content) < at:
        content.extend(bytes(at - len(content)))
    if data is not None:
        content[at:at + len(data)] = data


class Disk:
    """One folder."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.names, self.live, self.waiting = {}, {}, []  # of files: on disk, as the process sees them, (when, name, File or None)
        self.open, self.began, self.now = {}, {}, 0

    def play(self, kind, fd, more, at, data):
        self.now += 1
        file = self.open.get(fd)
        if kind == LIFE:
            self.open, self.began = {}, {}
        elif kind == OPEN:
            self.open[fd] = self.opened(data.decode(), more)
        elif kind == CLOSE:
            self.open.pop(fd, None)
        elif kind == WRITE:
            file.waiting.append((self.now, at, data))
        elif kind == TRUNCATE:
            file.waiting.append((self.now, at, None))
        elif kind == SYNC:
            self.began[fd] = len(self.waiting if file is self else file.waiting)
        elif kind == SYNCED:
            file.sync(self.began.pop(fd))
        elif kind == UNLINK:
            self.live.pop(data.decode(), None)
            self.waiting.append((self.now, data.decode(), None))

    def opened(self, path, is_new):
        if path.rstrip("/") == self.folder:
            return self
        if is_new:
            self.live[path] = File()
            self.waiting.append((self.now, path, self.live[path]))
        return self.live[path]

    def sync(self, count):
        """Of the folder itself."""
        for _, name, file in self.waiting[:count]:
            link(self.names, name, file)
        del self.waiting[:count]

    def cut(self, kind, chance):
        """Contents by path after a power cut now."""
        files = {file for file in [*self.names.values(), *(file for _, _, file in self.waiting)] if file is not None}
        moments = sorted([when for when, _, _ in self.waiting] + [when for file in files for when, _, _ in file.waiting])
        if kind == "nothing":
            kept = set()
        elif kind == "prefix":
            kept = set(moments[:chance.randint(0, len(moments))])
        else:
            share = chance.random()
            kept = {when for when in moments if chance.random() < share}
        names = dict(self.names)
        for when, name, file in self.waiting:
            if when in kept:
                link(names, name, file)
        return {name: contents(file, kept, chance if kind == "torn" else None) for name, file in names.items()}


def link(names, name, file):
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def contents(file, kept, chance):
    found = bytearray(file.durable)
    for when, at, data in file.waiting:
        if when not in kept:
            continue
        if data is None or chance is None:
            put(found, at, data)
            continue
        share = chance.random()
        for begin in range(0, len(data), SECTOR):
            if chance.random() < share:
                put(found, at + begin, data[begin:begin + SECTOR])
    return bytes(found)


def moments(path, count, chance):
    """Moments of a record to cut the power at, in order: half of them right behind something that was told."""
    told, size = [], 0
    for size, (kind, *_) in enumerate(read_record(path), 1):
        if kind in (EVENT, FRAME):
            told.append(size)
    return sorted(chance.choice(told) if told and n % 2 else chance.randint(1, size) for n in range(count))


def each_cut(path, folder, count, seed):
    """So many states: (how it was made, what was told since the one before, contents by path)."""
    chance = random.Random(seed)
    calls, disk, told = read_record(path), Disk(folder), []
    for n, moment in enumerate(moments(path, count, chance)):
        while disk.now < moment:
            kind, fd, more, at, data = next(calls)
            disk.play(kind, fd, more, at, data)
            if kind in (EVENT, FRAME):
                told.append((kind, more, data))
        how = KINDS[n % len(KINDS)]
        since, told = told, []
        yield f"{how} at {moment}", since, disk.cut(how, chance)
