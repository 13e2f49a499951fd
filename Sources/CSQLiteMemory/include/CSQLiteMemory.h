#pragma once

/// Lets SQLite allocate without counting what it has allocated: the count is behind one mutex for all connections of the
/// process. To be called before the first connection is opened; later it changes nothing.
///
/// Returns SQLite's code, which is 0 where it was in time. Here because `sqlite3_config` takes its arguments as `printf` does,
/// which Swift can't call.
int hms_sqlite_count_no_memory(void);
