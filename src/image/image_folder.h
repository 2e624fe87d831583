// The folder of an image while a build replaces it: one build at a time, never half an image, nothing pulled
// away from under a hypervisor.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace am::image {

// Beside DIR: DIR.lock (there is one build), DIR.log (what the last build said), DIR.new-<pid> (being made),
// DIR.old-<pid> (a former image that somebody still holds, see hold_image).
struct ImageFolder {
  std::string dir;  // absolute, symbolic links resolved, no `/` at the end

  [[nodiscard]] std::string lock_file() const { return dir + ".lock"; }
  [[nodiscard]] std::string log_file() const { return dir + ".log"; }
  [[nodiscard]] std::string new_dir() const;
  [[nodiscard]] std::string old_dir() const;
};

// Refuses what must not be replaced: a file, a folder with something in it that is no image of ours.
Result<ImageFolder> image_folder(const std::string& dir);

// Whether `am image build` made what is in `dir`.
bool has_manifest(const std::string& dir);

// The lock of a build, nothing where another one has it. Children that get the descriptor keep the lock.
Result<UniqueFd> try_lock(const ImageFolder& folder);
Result<UniqueFd> wait_for_lock(const ImageFolder& folder);

// What builds that were interrupted left behind, and former images that nobody holds any more. With the lock
// only.
Result<void> remove_leftovers(const ImageFolder& folder);

// Removes a folder with all that is in it; refuses when something is mounted inside.
Result<void> remove_tree(const std::string& dir);

// Puts DIR.new-<pid> in the place of DIR in one step.
Result<void> put_in_place(const ImageFolder& folder);

// The mount point at or below `dir` in the text of /proc/self/mountinfo; empty where there is none.
std::string mount_below(std::string_view mountinfo, std::string_view dir);

}  // namespace am::image
