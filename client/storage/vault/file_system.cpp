#include "client/storage/vault/file_system.h"

#include "client/storage/vault/memory_file.h"
#include "client/storage/vault/sealed_file.h"

#include <cstddef>
#include <new>
#include <sqlite3.h>

namespace client::storage {

namespace {

// What SQLite makes room for: one of two kinds, and behind it the system's own file.
struct Opened {
    sqlite3_file file; // first: SQLite knows no more
    SealedFile *sealed;
    MemoryFile *memory;
};

constexpr auto roomOfOpened =
    (sizeof(Opened) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

Opened &opened(sqlite3_file *file)
{
    return *reinterpret_cast<Opened *>(file);
}

SealedFile &sealed(sqlite3_file *file)
{
    return *opened(file).sealed;
}

MemoryFile &memory(sqlite3_file *file)
{
    return *opened(file).memory;
}

/// A call that needs nothing of ours goes to the system's file.
template <auto method>
struct Pass;
template <class... Args, int (*sqlite3_io_methods::*method)(sqlite3_file *, Args...)>
struct Pass<method> {
    static int call(sqlite3_file *file, Args... args)
    {
        auto *real = sealed(file).real();
        return (real->pMethods->*method)(real, args...);
    }
};

// A rollback journal would be kept in memory: then no other mode than the log is safe.
int control(sqlite3_file *file, int what, void *argument)
{
    if (what == SQLITE_FCNTL_PRAGMA) {
        auto **words = static_cast<char **>(argument); // answer, name, value
        if (::sqlite3_stricmp(words[1], "journal_mode") == 0 && words[2] &&
            ::sqlite3_stricmp(words[2], "wal") != 0) {
            words[0] = ::sqlite3_mprintf("an encrypted database keeps a write-ahead log");
            return SQLITE_ERROR;
        }
    }
    return Pass<&sqlite3_io_methods::xFileControl>::call(file, what, argument);
}

void barrier(sqlite3_file *file)
{
    auto *real = sealed(file).real();
    real->pMethods->xShmBarrier(real);
}

int closeSealed(sqlite3_file *file)
{
    auto *real = sealed(file).real();
    delete opened(file).sealed;
    return real->pMethods->xClose(real);
}

// Version 2 of the interface: shared memory, which a log needs, and no mapping of the file into memory, which
// would show what is encrypted.
const sqlite3_io_methods sealedMethods{
    .iVersion = 2,
    .xClose = closeSealed,
    .xRead = [](sqlite3_file *file, void *to, int size,
                sqlite3_int64 at) { return sealed(file).read(to, size, at); },
    .xWrite = [](sqlite3_file *file, const void *from, int size,
                 sqlite3_int64 at) { return sealed(file).write(from, size, at); },
    .xTruncate = Pass<&sqlite3_io_methods::xTruncate>::call,
    .xSync = Pass<&sqlite3_io_methods::xSync>::call,
    .xFileSize = Pass<&sqlite3_io_methods::xFileSize>::call,
    .xLock = Pass<&sqlite3_io_methods::xLock>::call,
    .xUnlock = Pass<&sqlite3_io_methods::xUnlock>::call,
    .xCheckReservedLock = Pass<&sqlite3_io_methods::xCheckReservedLock>::call,
    .xFileControl = control,
    .xSectorSize = Pass<&sqlite3_io_methods::xSectorSize>::call,
    .xDeviceCharacteristics = Pass<&sqlite3_io_methods::xDeviceCharacteristics>::call,
    .xShmMap = Pass<&sqlite3_io_methods::xShmMap>::call,
    .xShmLock = Pass<&sqlite3_io_methods::xShmLock>::call,
    .xShmBarrier = barrier,
    .xShmUnmap = Pass<&sqlite3_io_methods::xShmUnmap>::call,
};

int yes(sqlite3_file *, int)
{
    return SQLITE_OK;
}

const sqlite3_io_methods memoryMethods{
    .iVersion = 1,
    .xClose =
        [](sqlite3_file *file) {
            delete opened(file).memory;
            return SQLITE_OK;
        },
    .xRead = [](sqlite3_file *file, void *to, int size,
                sqlite3_int64 at) { return memory(file).read(to, size, at); },
    .xWrite = [](sqlite3_file *file, const void *from, int size,
                 sqlite3_int64 at) { return memory(file).write(from, size, at); },
    .xTruncate = [](sqlite3_file *file, sqlite3_int64 size) { return memory(file).truncate(size); },
    .xSync = yes,
    .xFileSize =
        [](sqlite3_file *file, sqlite3_int64 *size) {
            *size = memory(file).size();
            return SQLITE_OK;
        },
    .xLock = yes,
    .xUnlock = yes,
    .xCheckReservedLock =
        [](sqlite3_file *, int *reserved) {
            *reserved = 0;
            return SQLITE_OK;
        },
    .xFileControl = [](sqlite3_file *, int, void *) { return SQLITE_NOTFOUND; },
    .xSectorSize = [](sqlite3_file *) { return pageSize; },
    .xDeviceCharacteristics = [](sqlite3_file *) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
};

// The system's own, below the layer.
sqlite3_vfs *below()
{
    return ::sqlite3_vfs_find(nullptr);
}

int openSealed(sqlite3_vfs *vfs, const char *name, Opened &file, int flags, int *given)
{
    const auto &keys = *static_cast<const VaultKeys *>(vfs->pAppData);
    auto *real = reinterpret_cast<sqlite3_file *>(reinterpret_cast<char *>(&file) + roomOfOpened);
    real->pMethods = nullptr;
    if (const int result = below()->xOpen(below(), name, real, flags, given); result != SQLITE_OK) {
        if (real->pMethods)
            real->pMethods->xClose(real);
        return result;
    }
    if (flags & SQLITE_OPEN_WAL)
        file.sealed = new (std::nothrow) SealedFile{keys, real, sealed(::sqlite3_database_file_object(name))};
    else
        file.sealed = new (std::nothrow) SealedFile{keys, real};
    const int result = file.sealed ? file.sealed->open() : SQLITE_NOMEM;
    if (result == SQLITE_OK) {
        file.file.pMethods = &sealedMethods;
        return SQLITE_OK;
    }
    delete file.sealed;
    real->pMethods->xClose(real);
    return result;
}

int open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given)
{
    file->pMethods = nullptr;
    auto &made = opened(file);
    if (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL))
        return openSealed(vfs, name, made, flags, given);
    made.memory = new (std::nothrow) MemoryFile;
    if (!made.memory)
        return SQLITE_NOMEM;
    file->pMethods = &memoryMethods;
    if (given)
        *given = flags;
    return SQLITE_OK;
}

// A journal that was in memory only is gone already.
int remove(sqlite3_vfs *, const char *name, int syncFolder)
{
    const int result = below()->xDelete(below(), name, syncFolder);
    return result == SQLITE_IOERR_DELETE_NOENT ? SQLITE_OK : result;
}

template <auto method>
struct PassDown;
template <class R, class... Args, R (*sqlite3_vfs::*method)(sqlite3_vfs *, Args...)>
struct PassDown<method> {
    static R call(sqlite3_vfs *, Args... args) { return (below()->*method)(below(), args...); }
};

} // namespace

bool makeFileSystem(sqlite3_vfs &vfs, const char *name, const VaultKeys &keys)
{
    const auto *base = below();
    if (!base)
        return false;
    vfs = {};
    vfs.iVersion = 2;
    vfs.szOsFile = static_cast<int>(roomOfOpened) + base->szOsFile;
    vfs.mxPathname = base->mxPathname;
    vfs.zName = name;
    vfs.pAppData = const_cast<VaultKeys *>(&keys);
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = PassDown<&sqlite3_vfs::xAccess>::call;
    vfs.xFullPathname = PassDown<&sqlite3_vfs::xFullPathname>::call;
    vfs.xDlOpen = PassDown<&sqlite3_vfs::xDlOpen>::call;
    vfs.xDlError = PassDown<&sqlite3_vfs::xDlError>::call;
    vfs.xDlSym = PassDown<&sqlite3_vfs::xDlSym>::call;
    vfs.xDlClose = PassDown<&sqlite3_vfs::xDlClose>::call;
    vfs.xRandomness = PassDown<&sqlite3_vfs::xRandomness>::call;
    vfs.xSleep = PassDown<&sqlite3_vfs::xSleep>::call;
    vfs.xCurrentTime = PassDown<&sqlite3_vfs::xCurrentTime>::call;
    vfs.xGetLastError = PassDown<&sqlite3_vfs::xGetLastError>::call;
    vfs.xCurrentTimeInt64 = PassDown<&sqlite3_vfs::xCurrentTimeInt64>::call;
    return true;
}

} // namespace client::storage
