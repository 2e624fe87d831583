#include "cli/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace am::cli {
namespace {

std::vector<std::string> option_names(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

void collect(const CLI::App& app, const std::string& path, std::vector<CompletionCommand>& into) {
  CompletionCommand command{path, app.get_description(), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) command.arguments.push_back(option->get_name(true));
    auto names = option_names(*option);
    if (names.empty()) continue;
    command.options.push_back(
        {std::move(names), option->get_description(), option->get_items_expected_max() > 0});
  }
  std::vector<const CLI::App*> children;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (child->get_group().empty()) continue;
    command.subcommands.push_back(child->get_name());
    children.push_back(child);
  }
  into.push_back(std::move(command));
  for (const CLI::App* child : children) {
    collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), into);
  }
}

// Where `am __complete` finds the words of an argument; empty: files.
std::string word_source(const std::string& argument) {
  if (argument == "APP") return "am __complete apps";
  if (argument == "PATH") return "am __complete scripts";
  if (argument == "PID") return "am __complete pids";
  return "";
}

std::vector<std::string> all_names(const std::vector<CompletionOption>& options) {
  std::vector<std::string> names;
  for (const auto& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

std::string quoted_for_fish(std::string text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return "'" + quoted + "'";
}

// The case branches that tell commands and value-taking options from plain arguments.
std::string bash_patterns(const std::vector<CompletionCommand>& commands, bool options) {
  std::vector<std::string> patterns;
  for (const auto& command : commands) {
    if (!options && !command.path.empty()) {
      const std::size_t space = command.path.rfind(' ');
      patterns.push_back(space == std::string::npos ? fmt::format("' {}'", command.path)
                                                    : fmt::format("'{}'", command.path));
    }
    for (const auto& option : command.options) {
      if (!options || !option.takes_value) continue;
      for (const auto& name : option.names) patterns.push_back(fmt::format("'{} {}'", command.path, name));
    }
  }
  return fmt::format("{}", fmt::join(patterns, " | "));
}

std::string bash_function(const std::vector<CompletionCommand>& commands) {
  std::string text = "_am() {\n";
  text +=
      R"sh(  local current="${COMP_WORDS[COMP_CWORD]}" command="" word="" value="" words="" options="" source="" i
  local -a arguments=() kinds=()
  local IFS=$'\n'
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    if [[ -n $value ]]; then value=""; continue; fi
    case "$command $word" in
)sh";
  text += fmt::format("      {})\n        command=\"${{command:+$command }}$word\" ;;\n",
                      bash_patterns(commands, false));
  text += fmt::format("      {})\n        value=1 ;;\n", bash_patterns(commands, true));
  text += R"sh(      *' -'*) ;;
      *) arguments+=("$word") ;;
    esac
  done
  case "$command" in
)sh";
  for (const auto& command : commands) {
    text += fmt::format("    '{}')\n", command.path);
    if (!command.subcommands.empty()) {
      text += fmt::format("      words=$'{}'\n", fmt::join(command.subcommands, "\\n"));
    }
    if (!command.arguments.empty())
      text += fmt::format("      kinds=({})\n", fmt::join(command.arguments, " "));
    text += fmt::format("      options=$'{}' ;;\n", fmt::join(all_names(command.options), "\\n"));
  }
  text += R"sh(  esac
  if [[ -z $value && $current == -* ]]; then
    words="$options"
  elif [[ -n $value ]]; then
    words=""
  elif [[ ${#kinds[@]} -gt ${#arguments[@]} ]]; then
    case "${kinds[${#arguments[@]}]}" in
      APP) words="$(am __complete apps 2>/dev/null)" ;;
      PATH) words="$(am __complete scripts "${arguments[0]}" 2>/dev/null)" ;;
      PID) words="$(am __complete pids 2>/dev/null)" ;;
      SHELL) words=$'bash\nzsh\nfish' ;;
    esac
  fi
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
)sh";
  return text;
}

}  // namespace

std::vector<CompletionCommand> completion_commands(const CLI::App& root) {
  std::vector<CompletionCommand> commands;
  collect(root, "", commands);
  return commands;
}

std::string bash_completion(const std::vector<CompletionCommand>& commands) {
  return "# Completion of am for bash: source <(am completion bash)\n" + bash_function(commands) +
         "complete -o filenames -F _am am\n";
}

std::string zsh_completion(const std::vector<CompletionCommand>& commands) {
  return "#compdef am\n# Completion of am for zsh: source <(am completion zsh)\n"
         "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" +
         bash_function(commands) + "complete -F _am am\n";
}

std::string fish_completion(const std::vector<CompletionCommand>& commands) {
  std::string text = "# Completion of am for fish: am completion fish | source\n";
  std::vector<std::string> paths;
  for (const auto& command : commands) {
    if (!command.path.empty()) paths.push_back(quoted_for_fish(command.path));
  }
  text += fmt::format(
      R"sh(function __am_at --description 'The command typed so far, and how many arguments it has'
    set -l commands {}
    set -l command
    set -l arguments
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$command $word")
        if contains -- $longer $commands
            set command $longer
        else if not string match -q -- '-*' $word
            set -a arguments $word
        end
    end
    test "$command" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test (count $arguments) -eq $argv[2]
end
function __am_last_argument
    set -l words (commandline -opc)
    echo $words[-1]
end
complete -c am -f
)sh",
      fmt::join(paths, " "));
  for (const auto& command : commands) {
    const std::string here = quoted_for_fish("__am_at " + quoted_for_fish(command.path));
    for (const auto& option : command.options) {
      std::string names;
      for (const auto& name : option.names)
        names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      text += fmt::format("complete -c am -n {}{}{} -d {}\n", here, names, option.takes_value ? " -r -F" : "",
                          quoted_for_fish(option.description));
    }
    for (const auto& child : commands) {
      const std::string prefix = command.path.empty() ? "" : command.path + " ";
      for (const auto& name : command.subcommands) {
        if (child.path != prefix + name) continue;
        text +=
            fmt::format("complete -c am -n {} -a {} -d {}\n", here, name, quoted_for_fish(child.description));
      }
    }
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
      const std::string at = quoted_for_fish(fmt::format("__am_at {} {}", quoted_for_fish(command.path), i));
      const std::string source = word_source(command.arguments[i]);
      const std::string last = command.arguments[i] == "PATH" ? " (__am_last_argument)" : "";
      text += source.empty()
                  ? fmt::format("complete -c am -n {} -F\n", at)
                  : fmt::format("complete -c am -n {} -a '({}{} 2>/dev/null)'\n", at, source, last);
    }
  }
  return text;
}

}  // namespace am::cli
