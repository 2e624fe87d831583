#include "observer/service.h"

#include <unistd.h>

#include <cerrno>

#include "ipc/observer_jobs.h"
#include "observer/observer.h"
#include "process/packets.h"

namespace am::observer {
namespace {

struct Job {
  UniqueFd control;
  UniqueFd folder;
  UniqueFd container;
  UniqueFd launcher;
};

Result<Job> job_of(process::Handover handover) {
  Job job;
  if (handover.content.size() != handover.descriptors.size())
    return fail(ErrorCode::invalid_argument, "a job \"{}\" with {} descriptors", handover.content,
                handover.descriptors.size());
  for (std::size_t i = 0; i < handover.content.size(); ++i) {
    UniqueFd& given = handover.descriptors[i];
    switch (static_cast<ipc::JobDescriptor>(handover.content[i])) {
      case ipc::JobDescriptor::control:
        job.control = std::move(given);
        break;
      case ipc::JobDescriptor::folder:
        job.folder = std::move(given);
        break;
      case ipc::JobDescriptor::container:
        job.container = std::move(given);
        break;
      case ipc::JobDescriptor::launcher:
        job.launcher = std::move(given);
        break;
    }
  }
  if (!job.control || !job.folder)
    return fail(ErrorCode::invalid_argument, "a job \"{}\" without a socket and a folder", handover.content);
  return job;
}

}  // namespace

Result<void> serve(UniqueFd jobs) {
  for (;;) {
    auto handover = process::receive_handover(jobs.get());
    if (!handover) return pass_on(handover);
    if (!*handover) return {};
    auto job = job_of(std::move(**handover));
    if (!job) return pass_on(job);
    if (::fchdir(job->folder.get()) != 0) return fail_errno(errno, "cannot work in the task's folder");
    job->folder.reset();
    auto observed = observe(std::move(job->control), std::move(job->container), std::move(job->launcher));
    if (!observed) return observed;
    if (::chdir("/") != 0) return fail_errno(errno, "cannot leave the task's folder");
    // Fails when the hypervisor is gone, which the next look at the socket says, too.
    (void)process::send_packet(jobs.get(), ipc::kObserverIsFree);
  }
}

}  // namespace am::observer
