#include "cli/transfer_commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "base/files.h"
#include "base/unique_fd.h"
#include "cli/import_plan.h"
#include "cli/task_view.h"

namespace am::cli {
namespace {

namespace fs = std::filesystem;

std::string folder_name(const std::string& folder) {
  std::error_code error;
  const fs::path path = fs::canonical(folder, error);
  return error ? std::string() : path.filename().string();
}

// Uploads the files and enables the scripts; gives the scripts as the server names them.
Result<json::array> upload(Client& client, const ApplicationRef& application, const std::string& folder,
                           const ImportPlan& plan) {
  // A Ctrl-C is seen between two files, so that the half-made application can be taken away again.
  const auto interrupted = std::make_shared<bool>(false);
  asio::signal_set signals(client.loop(), SIGINT, SIGTERM);
  signals.async_wait([interrupted](const boost::system::error_code& error, int) { *interrupted = !error; });
  json::array scripts;
  for (const ImportFile& file : plan.files) {
    auto content = read_import_file(folder, file.path);
    if (!content) return pass_on(content);
    const std::string escaped = net::percent_encode(file.path, true);
    const auto stored =
        client.put_bytes(application_path(application, "/files/" + escaped), std::move(*content));
    if (!stored) return fail(stored.error().code, "{}: {}", file.path, stored.error().message);
    if (file.executable) {
      auto script = client.call("PUT", application_path(application, "/scripts/" + escaped));
      if (!script) return fail(script.error().code, "{}: {}", file.path, script.error().message);
      scripts.push_back(std::move(*script));
    }
    if (*interrupted) return fail(ErrorCode::conflict, "interrupted after {}", file.path);
  }
  return scripts;
}

Result<int> import_folder(const Cli& cli, Client& client, const std::string& folder, std::string name) {
  const auto plan = plan_import(folder);
  if (!plan) return pass_on(plan);
  if (name.empty()) name = folder_name(folder);
  const auto created = client.call("POST", "/applications", json::object{{"name", name}});
  if (!created) return pass_on(created);
  if (!created->is_object())
    return fail(ErrorCode::internal, "the server's new application is no JSON object");
  json::object made = created->get_object();
  const ApplicationRef application{text_member(made, "id"), name};
  auto scripts = upload(client, application, folder, *plan);
  if (!scripts) {
    const auto undone = client.call("DELETE", application_path(application));
    const std::string left =
        undone ? std::string("nothing was imported")
               : fmt::format("and the half-imported application {} could not be deleted: {}", application.id,
                             undone.error().message);
    return fail(scripts.error().code, "import of {}: {}; {}", folder, scripts.error().message, left);
  }
  for (const std::string& skipped : plan->skipped) remark(cli, "skipped " + skipped);
  if (!cli.json) {
    return print(cli, fmt::format("Imported {}: {} files, {} scripts, id {}\n", name, plan->files.size(),
                                  scripts->size(), application.id));
  }
  json::array files;
  for (const ImportFile& file : plan->files) files.emplace_back(file.path);
  made["files"] = std::move(files);
  made["scripts"] = std::move(*scripts);
  return print_json(cli, made);
}

// Writes the answer's body to the descriptor as it arrives; gives the number of bytes.
Awaitable<Result<std::uint64_t>> download(Client& client, std::string path, int fd) {
  const auto connection = client.connection();
  std::string target = client.target(path);
  net::Headers headers = client.headers();
  headers.set("Accept", "application/gzip");
  auto head = co_await connection->open("GET", std::move(target), std::move(headers), std::string());
  if (!head) co_return std::unexpected(client.unreachable(head.error()));
  std::uint64_t bytes = 0;
  for (;;) {
    const auto piece = co_await connection->read_some();
    if (!piece) co_return pass_on(piece);
    if (piece->empty()) break;
    bytes += piece->size();
    if (head->status >= 400) {
      head->body += *piece;
    } else if (const auto written = write_all(fd, *piece); !written) {
      co_return pass_on(written);
    }
  }
  if (head->status >= 400) co_return std::unexpected(client.error_of(*head));
  co_return bytes;
}

Result<int> export_archive(const Cli& cli, Client& client, const std::string& name, const std::string& file) {
  if (fs::is_directory(file)) {
    return fail(ErrorCode::invalid_argument,
                "FILE: {} is a folder; name the archive to write, such as {}/{}.tar.gz", file, file, name);
  }
  const auto application = find_application(client, name);
  if (!application) return pass_on(application);
  const std::string temporary = fmt::format("{}.{}.tmp", file, ::getpid());
  const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) return fail_errno(errno, "FILE: cannot create {}", temporary);
  auto bytes = client.wait_for(download(client, application_path(*application, "/archive"), fd.get()));
  if (bytes && ::rename(temporary.c_str(), file.c_str()) != 0) {
    bytes = fail_errno(errno, "FILE: cannot write {}", file);
  }
  if (!bytes) {
    ::unlink(temporary.c_str());
    return pass_on(bytes);
  }
  if (cli.json) {
    return print_json(cli, json::object{{"id", application->id}, {"file", file}, {"bytes", *bytes}});
  }
  return print(cli, fmt::format("Exported {} to {}, {} bytes\n", application->name, file, *bytes));
}

}  // namespace

void add_transfer_commands(CLI::App& app_group, Cli& cli) {
  struct Names {
    std::string from;
    std::string to;
  };
  auto names = std::make_shared<Names>();

  CLI::App* importing = add_command(
      app_group, cli, "import",
      "Make an application out of a folder; .py and .py3 files with the execute bit become scripts. "
      "__pycache__ and .git stay out.",
      "am app import examples/Manual");
  importing->add_option("DIR", names->from, "The folder")->required();
  importing->add_option("--name", names->to, "The application's name (the folder's)")->type_name("N");
  importing->callback([&cli, names] {
    cli.action = [&cli, names] {
      return with_client(cli,
                         [&](Client& client) { return import_folder(cli, client, names->from, names->to); });
    };
  });

  CLI::App* exporting =
      add_command(app_group, cli, "export", "Write an application's files into a .tar.gz archive.",
                  "am app export Manual manual.tar.gz");
  exporting->add_option("APP", names->from, "The application's name or id")->required();
  exporting->add_option("FILE", names->to, "The archive to write; it is replaced in one step")->required();
  exporting->callback([&cli, names] {
    cli.action = [&cli, names] {
      return with_client(cli,
                         [&](Client& client) { return export_archive(cli, client, names->from, names->to); });
    };
  });
}

}  // namespace am::cli
