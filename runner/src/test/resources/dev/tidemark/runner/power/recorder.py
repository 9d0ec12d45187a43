"""A file that writes down what is written to it.

    recorder.py <content> <log> <directory>

mounts a file system of one file, <directory>/disk, which reads and writes <content>, and appends each write and each flush to <log>
before it is answered: eight bytes where, four bytes how much, then the bytes; a flush is at -1, with none. The length of <log> is the
position in it. So what is asked for when a flush has been answered is behind that flush, and the log is what a disk has been told, in order.

It speaks to the kernel by /dev/fuse, one request after the other, and needs nothing but Python. It says "ready" when it is mounted,
and ends when it is unmounted, or when its standard input ends: whoever started it is gone then, and what is mounted on it fails.
"""

import ctypes
import errno
import os
import select
import stat
import struct
import sys

LOOKUP, FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS = 1, 2, 3, 4, 14, 15, 16, 17
RELEASE, FSYNC, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR = 18, 20, 25, 26, 27, 28, 29
ACCESS, INTERRUPT, DESTROY, BATCH_FORGET = 34, 36, 38, 42

ROOT, DISK = 1, 2
LARGEST_WRITE = 1 << 17
ASYNC_READ, BIG_WRITES = 1 << 0, 1 << 5
FOR_EVER = 1 << 31
FLUSHED = struct.pack("<QI", (1 << 64) - 1, 0)


class Recorder:
    def __init__(self, content, log, directory):
        self.content = os.open(content, os.O_RDWR)
        self.size = os.fstat(self.content).st_size
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.fuse = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self.fuse},rootmode=40000,user_id=0,group_id=0"
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"recorder", directory.encode(), b"fuse", 0, options.encode()) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), directory)

    def serve(self):
        ready = select.poll()
        ready.register(self.fuse, select.POLLIN)
        ready.register(sys.stdin.fileno(), select.POLLIN)
        while True:
            for descriptor, _ in ready.poll():
                if descriptor == sys.stdin.fileno():
                    if not os.read(descriptor, 4096):
                        return
                else:
                    try:
                        request = os.read(self.fuse, LARGEST_WRITE + 4096)
                    except OSError as e:
                        if e.errno == errno.ENODEV:
                            return
                        if e.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT):
                            continue
                        raise
                    self.answer(request)

    def answer(self, request):
        _, operation, unique, node = struct.unpack_from("<IIQQ", request)
        body = memoryview(request)[40:]
        if operation in (FORGET, BATCH_FORGET, INTERRUPT):
            return
        try:
            error, content = 0, self.perform(operation, node, body)
        except OSError as e:
            error, content = -e.errno, b""
        try:
            os.write(self.fuse, struct.pack("<IiQ", 16 + len(content), error, unique) + content)
        except OSError as e:
            if e.errno not in (errno.ENOENT, errno.ENODEV):  # nobody waits for it any more
                raise

    def perform(self, operation, node, body):
        if operation == WRITE:
            _, offset, size = struct.unpack_from("<QQI", body)
            written = bytes(body[40 : 40 + size])
            self.put(struct.pack("<QI", offset, size) + written)
            if os.pwrite(self.content, written, offset) != size:
                raise OSError(errno.EIO, "written in part")
            return struct.pack("<II", size, 0)
        if operation == FSYNC:
            self.put(FLUSHED)
            return b""
        if operation == READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            return os.pread(self.content, size, offset)
        if operation == INIT:
            _, minor, ahead, _ = struct.unpack_from("<IIII", body)
            return struct.pack("<IIIIHHIIHH32x", 7, min(minor, 31), ahead, ASYNC_READ | BIG_WRITES, 16, 12, LARGEST_WRITE, 1, 0, 0)
        if operation == LOOKUP:
            if node != ROOT or bytes(body).rstrip(b"\0") != b"disk":
                raise OSError(errno.ENOENT, "no such file")
            return struct.pack("<QQQQII", DISK, 0, FOR_EVER, FOR_EVER, 0, 0) + self.attributes(DISK)
        if operation in (GETATTR, SETATTR):
            return struct.pack("<QII", FOR_EVER, 0, 0) + self.attributes(node)
        if operation in (OPEN, OPENDIR):
            return struct.pack("<QII", 0, 0, 0)
        if operation == READDIR:
            _, offset = struct.unpack_from("<QQ", body)
            return struct.pack("<QQII8s", DISK, 1, 4, stat.S_IFREG >> 12, b"disk") if offset == 0 else b""
        if operation == STATFS:
            return struct.pack("<QQQQQIIII24x", self.size >> 12, 0, 0, 2, 0, 4096, 255, 4096, 0)
        if operation in (RELEASE, RELEASEDIR, FLUSH, ACCESS, DESTROY):
            return b""
        raise OSError(errno.ENOSYS, "not provided")

    def put(self, record):
        if os.write(self.log, record) != len(record):
            raise OSError(errno.EIO, "written in part")

    def attributes(self, node):
        mode, size = (stat.S_IFDIR | 0o700, 0) if node == ROOT else (stat.S_IFREG | 0o600, self.size)
        return struct.pack("<QQQQQQIIIIIIIIII", node, size, size >> 9, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


recorder = Recorder(*sys.argv[1:])
print("ready", flush=True)
recorder.serve()
