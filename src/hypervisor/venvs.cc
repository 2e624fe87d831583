#include "hypervisor/venvs.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <sstream>

#include "base/clock.h"
#include "base/files.h"
#include "process/spawn.h"

namespace am::hypervisor {
namespace {

constexpr std::int64_t kInspectForUs = 30'000'000;

// First the version, then "name version" a line.
constexpr const char* kInspection =
    "import importlib.metadata as m, platform\n"
    "print(platform.python_version())\n"
    "for p in sorted({(d.metadata['Name'], d.version) for d in m.distributions() if d.metadata['Name']}):\n"
    "    print(*p)\n";

// The interpreter's output, up to the end of the stream.
Result<std::string> run_python(const std::string& python, const process::Confinement& confinement) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_errno(errno, "cannot make a pipe");
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  process::SpawnSpec spec;
  spec.argv = {python, "-I", "-c", kInspection};
  spec.descriptors = {{write_end.get(), 1}};
  spec.confinement = confinement;
  auto child = process::spawn(spec);
  if (!child) return pass_on(child);
  write_end.reset();
  std::string output;
  const std::int64_t deadline = monotonic_us() + kInspectForUs;
  for (;;) {
    pollfd readable{read_end.get(), POLLIN, 0};
    const auto left_ms = static_cast<int>((deadline - monotonic_us()) / 1000);
    if (left_ms <= 0 || ::poll(&readable, 1, left_ms) <= 0) {
      return fail(ErrorCode::unavailable, "{} did not answer within 30 s", python);
    }
    char buffer[8192];
    const ssize_t size = ::read(read_end.get(), buffer, sizeof buffer);
    if (size <= 0) break;
    output.append(buffer, static_cast<std::size_t>(size));
  }
  const process::ExitStatus status = child->reap();
  if (status.exit_code != 0) return fail(ErrorCode::unavailable, "{} does not work", python);
  return output;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (const std::size_t comment = line.find('#'); comment != std::string::npos) line.resize(comment);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::string missing_packages(const std::vector<std::string>& wanted,
                             const std::vector<std::string>& packages) {
  std::string missing;
  for (const std::string& name : wanted) {
    const auto has = std::ranges::any_of(packages, [&](const std::string& package) {
      return std::ranges::equal(name, package.substr(0, package.find(' ')), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
      });
    });
    if (!has) missing += (missing.empty() ? "" : ", ") + name;
  }
  return missing;
}

}  // namespace

Result<ipc::VenvInfo> inspect_venv(const std::string& venvs, const VenvView& view, const std::string& name,
                                   const std::string& wanted) {
  const std::string folder = venvs + "/" + name;
  const auto output = run_python(view.venvs + "/" + name + "/bin/python", view.confinement);
  if (!output) return fail(output.error().code, "virtual environment {}: {}", name, output.error().message);
  std::vector<std::string> lines = lines_of(*output);
  if (lines.empty())
    return fail(ErrorCode::unavailable, "virtual environment {} says nothing of itself", name);
  ipc::VenvInfo info;
  info.name = name;
  info.python_version = lines.front();
  info.packages.assign(lines.begin() + 1, lines.end());
  info.note = read_file(folder + "/note.txt").value_or("");
  if (!wanted.empty()) {
    const std::string missing = missing_packages(lines_of(read_file(wanted).value_or("")), info.packages);
    if (!missing.empty()) info.note += fmt::format("{}missing: {}", info.note.empty() ? "" : "; ", missing);
  }
  return info;
}

std::vector<ipc::VenvInfo> inspect_venvs(const std::string& venvs, const VenvView& view, const std::string& wanted_by_default,
                                         std::vector<std::string>& problems) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(venvs, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(name);
  }
  std::ranges::sort(names);
  std::vector<ipc::VenvInfo> found;
  for (const std::string& name : names) {
    auto info = inspect_venv(venvs, view, name, name == "default" ? wanted_by_default : "");
    if (info) {
      found.push_back(std::move(*info));
    } else {
      problems.push_back(info.error().message);
    }
  }
  return found;
}

}  // namespace am::hypervisor
