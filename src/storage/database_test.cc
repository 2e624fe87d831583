#include "storage/database.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/random.h"
#include "storage/application_store.h"
#include "storage/schema.h"
#include "storage/task_store.h"

namespace am::storage {
namespace {

TEST(Database, BringsDataOfAnOlderVersionUpToDate) {
  const std::string path = testing::TempDir() + "am-database-" + random_letters(12);
  {
    SQLite::Database older(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (std::size_t i = 0; i < 2; ++i) older.exec(kMigrations[i]);
    older.exec("PRAGMA user_version = 2");
    older.exec("INSERT INTO applications (id, name, folder, created_ms) VALUES ('a', 'Manual', 'f', 1)");
    older.exec(
        "INSERT INTO tasks (pid, application_id, application_folder, script_id, script_path, owner, "
        "start_params, venv, timeout_sec, memory_mb, state, created_ms) "
        "VALUES ('p', 'a', 'f', 's', 'test.py', 'admin', '{}', 'default', 300, 100, 'queued', 1)");
  }
  {
    const auto database = Database::open(path);
    ASSERT_TRUE(database) << database.error().message;
    EXPECT_EQ(ApplicationStore(**database).get("a").value().isolation, TaskIsolation::by_default);
    EXPECT_EQ(TaskStore(**database).find("p").value().value().isolation, TaskIsolation::by_default);
  }
  EXPECT_TRUE(Database::open(path)) << "a second time";
  std::filesystem::remove(path);
}

// Moved into the file by another connection than the one that commits, which a third one can see.
TEST(Database, EmptiesItsLogBesideTheCommits) {
  const std::string path = testing::TempDir() + "am-database-" + random_letters(12);
  {
    const auto database = Database::open(path);
    ASSERT_TRUE(database) << database.error().message;
    SQLite::Database& connection = (*database)->connection();
    connection.exec("CREATE TABLE pieces (content BLOB)");
    const auto size_before = std::filesystem::file_size(path);
    connection.exec("INSERT INTO pieces VALUES (zeroblob(8000000))");  // 2,000 pages
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::filesystem::file_size(path) < size_before + 8'000'000) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "the log was not moved into the file";
      std::this_thread::yield();
    }
    connection.exec("INSERT INTO pieces VALUES (1)");
    EXPECT_EQ(connection.execAndGet("SELECT count(*) FROM pieces").getInt(), 2);
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace am::storage
