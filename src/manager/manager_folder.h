// The manager's own place in the data folder: one manager at a time, its database, token and addresses.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "storage/account_store.h"

namespace am::manager {

class ManagerFolder {
 public:
  // Creates <data>/manager where it is missing and locks it: `conflict` while another manager holds it.
  static Result<ManagerFolder> open(const std::string& data);

  [[nodiscard]] const std::string& data() const { return data_; }  // absolute
  [[nodiscard]] std::string path(const std::string& name) const { return data_ + "/manager/" + name; }
  [[nodiscard]] std::string sources() const { return data_ + "/sources"; }

  // This manager's id, made on the first start.
  Result<std::string> manager_id() const;
  // The secret that hypervisors show, at least 16 characters. From `file`, which must be there; without one
  // from <data>/secret, which is made where it is missing.
  Result<std::string> ipc_secret(const std::string& file) const;
  // The local command line's token, kept in manager/token and known to the store afterwards; belongs to the
  // user "admin", who is made on the first start.
  Result<std::string> local_token(storage::AccountStore& accounts) const;

 private:
  ManagerFolder(std::string data, UniqueFd lock) : data_(std::move(data)), lock_(std::move(lock)) {}

  std::string data_;
  UniqueFd lock_;  // released by the kernel when the process ends, however it ends
};

}  // namespace am::manager
