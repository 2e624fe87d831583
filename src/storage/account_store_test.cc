#include "storage/account_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/random.h"

namespace am::storage {
namespace {

class AccountStoreTest : public testing::Test {
 protected:
  void TearDown() override {
    store_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path folder_ = [] {
    auto folder = std::filesystem::temp_directory_path() / ("am-store-" + random_letters(12));
    std::filesystem::create_directory(folder);
    return folder;
  }();
  std::unique_ptr<Database> database_ = Database::open(folder_ / "am.db").value();
  std::unique_ptr<AccountStore> store_ = std::make_unique<AccountStore>(*database_);
  const User admin_ = store_->add_user("admin", "admin").value();
};

TEST_F(AccountStoreTest, KeepsUsers) {
  EXPECT_EQ(store_->find_user("admin").value(), admin_);
  EXPECT_EQ(store_->find_user("nobody").value(), std::nullopt);
  EXPECT_EQ(store_->add_user("admin", "admin").error().code, ErrorCode::already_exists);
}

TEST_F(AccountStoreTest, ATokenIsGoodForItsKindUntilItExpires) {
  ASSERT_TRUE(store_->add_token("secret", admin_.id, TokenKind::session, 1000));
  EXPECT_EQ(store_->find_token("secret", TokenKind::session, 999).value(), admin_);
  EXPECT_EQ(store_->find_token("secret", TokenKind::session, 1000).value(), std::nullopt);
  EXPECT_EQ(store_->find_token("secret", TokenKind::api, 999).value(), std::nullopt);
  EXPECT_EQ(store_->find_token("other", TokenKind::session, 999).value(), std::nullopt);
  ASSERT_TRUE(store_->remove_expired_tokens(1000));
  EXPECT_EQ(store_->find_token("secret", TokenKind::session, 999).value(), std::nullopt);
}

TEST_F(AccountStoreTest, TokensAreRemoved) {
  ASSERT_TRUE(store_->add_token("one", admin_.id, TokenKind::local));
  ASSERT_TRUE(store_->add_token("two", admin_.id, TokenKind::api));
  ASSERT_TRUE(store_->remove_tokens(admin_.id, TokenKind::local));
  EXPECT_EQ(store_->find_token("one", TokenKind::local, 0).value(), std::nullopt);
  EXPECT_EQ(store_->find_token("two", TokenKind::api, 0).value(), admin_);
  ASSERT_TRUE(store_->remove_token("two"));
  EXPECT_EQ(store_->find_token("two", TokenKind::api, 0).value(), std::nullopt);
}

TEST_F(AccountStoreTest, ACodeIsTakenOnce) {
  ASSERT_TRUE(store_->add_token("code", admin_.id, TokenKind::sign_in, 1000));
  EXPECT_EQ(store_->take_token("code", TokenKind::session, 1).value(), std::nullopt);
  EXPECT_EQ(store_->take_token("code", TokenKind::sign_in, 1).value(), admin_);
  EXPECT_EQ(store_->take_token("code", TokenKind::sign_in, 1).value(), std::nullopt);
}

TEST_F(AccountStoreTest, WhatWasReadBeforeAChangeIsForgotten) {
  ASSERT_TRUE(store_->add_token("one", admin_.id, TokenKind::sign_in, 1000));
  EXPECT_EQ(store_->find_token("one", TokenKind::sign_in, 1).value(), admin_);
  EXPECT_EQ(store_->find_token("one", TokenKind::sign_in, 1000).value(), std::nullopt);
  EXPECT_EQ(store_->find_token("one", TokenKind::api, 1).value(), std::nullopt);
  EXPECT_EQ(store_->take_token("one", TokenKind::sign_in, 1).value(), admin_);
  EXPECT_EQ(store_->find_token("one", TokenKind::sign_in, 1).value(), std::nullopt);
  ASSERT_TRUE(store_->add_token("two", admin_.id, TokenKind::api));
  EXPECT_EQ(store_->find_token("two", TokenKind::api, 1).value(), admin_);
  ASSERT_TRUE(store_->remove_tokens(admin_.id, TokenKind::api));
  EXPECT_EQ(store_->find_token("two", TokenKind::api, 1).value(), std::nullopt);
  EXPECT_EQ(store_->general_parameters(admin_.id).value(), "{}");
  ASSERT_TRUE(store_->set_general_parameters(admin_.id, R"({"a":1})"));
  EXPECT_EQ(store_->general_parameters(admin_.id).value(), R"({"a":1})");
}

TEST_F(AccountStoreTest, SecretsAreNotInTheFile) {
  ASSERT_TRUE(store_->add_token("a-secret-to-look-for", admin_.id, TokenKind::api));
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string content(std::istreambuf_iterator<char>(stream), {});
    EXPECT_EQ(content.find("a-secret-to-look-for"), std::string::npos) << file.path();
  }
}

TEST_F(AccountStoreTest, KeepsGeneralParameters) {
  EXPECT_EQ(store_->general_parameters(admin_.id).value(), "{}");
  ASSERT_TRUE(store_->set_general_parameters(admin_.id, R"({"a":1})"));
  ASSERT_TRUE(store_->set_general_parameters(admin_.id, R"({"a":2})"));
  EXPECT_EQ(store_->general_parameters(admin_.id).value(), R"({"a":2})");
}

}  // namespace
}  // namespace am::storage
