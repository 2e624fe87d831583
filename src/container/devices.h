// /dev of a container: what programs expect there and nothing of the machine's hardware.
#pragma once

#include "base/error.h"

namespace am::container {

Result<void> mount_devices();

}  // namespace am::container
