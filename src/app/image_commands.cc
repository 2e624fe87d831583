#include "app/image_commands.h"

#include <fmt/format.h>

#include <memory>

#include "base/installed_files.h"
#include "cli/table.h"
#include "cli/words.h"
#include "image/build_image.h"
#include "image/image_info.h"

namespace am::app {
namespace {

namespace json = boost::json;

// DIR, or the installation's own.
Result<std::string> find_dir(const std::string& dir) {
  if (!dir.empty()) return dir;
  const auto files = find_installed_files();
  if (!files) return pass_on(files);
  return files->image;
}

std::string size_words(const std::string& dir) {
  return cli::megabyte_words(static_cast<double>(image::size_of(dir)) / 1e6);
}

json::object image_json(const image::ImageInfo& image) {
  return {
      {"path", image.dir},
      {"ours", image.is_ours},
      {"os", image.os},
      {"python", image.python_path.empty()
                     ? json::value(nullptr)
                     : json::value{{"path", image.python_path}, {"version", image.python_version}}},
      {"note", image.note},
      {"manifest", image.manifest ? json::value(image::to_json(*image.manifest)) : json::value(nullptr)},
  };
}

std::string image_text(const image::ImageInfo& image) {
  const std::string python =
      image.python_path.empty()
          ? "none, so no task can run in it"
          : fmt::format("{} ({})", image.python_version.empty() ? "version unknown" : image.python_version,
                        image.python_path);
  std::vector<std::pair<std::string, std::string>> fields = {
      {"Path", image.dir},
      {"System", image.os.empty() ? "unknown" : image.os},
      {"Python", python},
  };
  if (!image.manifest) {
    fields.emplace_back("Made by", "somebody else: it has no list of what is in it");
    return cli::aligned_fields(fields);
  }
  const image::Manifest& manifest = *image.manifest;
  fields.emplace_back("Size", size_words(image.dir));
  fields.emplace_back("Built", manifest.built_at);
  for (const std::string& source : manifest.sources) fields.emplace_back("Source", source);
  fields.emplace_back("Pins", "sha256:" + manifest.pins_sha256);
  if (!manifest.note.empty()) fields.emplace_back("Note", manifest.note);
  std::string text = cli::aligned_fields(fields);
  for (const auto& [title, packages] : {std::pair{"PYTHON PACKAGE", &manifest.python_packages},
                                        std::pair{"DEBIAN PACKAGE", &manifest.debian_packages}}) {
    cli::Table table({title, "VERSION"});
    for (const auto& [name, version] : *packages) table.add({name, version});
    text += "\n" + table.text();
  }
  return text;
}

int show(const cli::Cli& cli, const std::string& wanted) {
  const auto dir = find_dir(wanted);
  if (!dir) return cli::report(cli, dir.error());
  const auto image = image::inspect_image(*dir);
  if (!image) return cli::report(cli, image.error());
  return cli.json ? cli::print_json(cli, image_json(*image)) : cli::print(cli, image_text(*image));
}

int build(const cli::Cli& cli, image::BuildOptions options) {
  const auto files = find_installed_files();
  if (!files) return cli::report(cli, files.error());
  if (options.dir.empty()) options.dir = files->image;
  options.pins = files->python + "/environments/default.txt";
  const auto result = image::build_image(options, [](std::string_view stage) {
    fmt::print(stderr, "Image of the task container: {}\n", stage);
  });
  if (!result) return cli::report(cli, result.error());
  const image::ImageInfo& image = result->image;
  if (!image.note.empty()) cli::remark(cli, image.note);
  if (cli.json) return cli::print_json(cli, image_json(image));
  return cli::print(cli, fmt::format("{} {}: {}, Python {}, {}\n", image.dir,
                                     result->built ? "is built" : "is as it should be already", image.os,
                                     image.python_version, size_words(image.dir)));
}

// A command that asks no manager, so it has no --data.
CLI::App* add_local_command(CLI::App& parent, cli::Cli& cli, const std::string& name,
                            const std::string& description, const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->footer("Example:\n  " + example);
  command->add_flag("--json", cli.json, "Print JSON");
  return command;
}

}  // namespace

void add_image_commands(CLI::App& root, cli::Cli& cli) {
  CLI::App* group =
      cli::add_group(root, "image", "The root filesystem in which tasks run: make it, look into it.");
  auto options = std::make_shared<image::BuildOptions>();
  CLI::App* command =
      add_local_command(*group, cli, "build",
                        "Make the root filesystem of the task container: Debian with Python and the "
                        "pinned packages. Needs root and mmdebstrap. Does nothing when it is there "
                        "already with the same packages.",
                        "am image build\n  am image build /srv/image --suite trixie");
  command->add_option("DIR", options->dir,
                      "The folder that becomes the root filesystem (the installation's)");
  command->add_option("--suite", options->suite, "The Debian release (trixie, or what the image has)")
      ->type_name("S");
  command->add_option("--mirror", options->mirror, "A Debian mirror (the one that apt uses on this machine)")
      ->type_name("URI");
  command->add_flag("--force", options->force, "Make it anew even when it is as it should be");
  command->callback([&cli, options] { cli.action = [&cli, options] { return build(cli, *options); }; });

  auto dir = std::make_shared<std::string>();
  command = add_local_command(
      *group, cli, "show",
      "What is in an image: system, Python and every package, or what can be said of any other "
      "root filesystem.",
      "am image show\n  am image show /srv/image --json");
  command->add_option("DIR", *dir, "The folder of the root filesystem (the installation's)");
  command->callback([&cli, dir] { cli.action = [&cli, dir] { return show(cli, *dir); }; });
}

}  // namespace am::app
