// Any bytes into the frame decoder: no crash, no allocation beyond the input, and what decodes encodes again.
#include <cstdint>
#include <string_view>

#include "ipc/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  am::ipc::FrameDecoder decoder;
  decoder.feed(std::string_view(reinterpret_cast<const char*>(data), size));
  for (;;) {
    const auto message = decoder.next();
    if (!message || !*message) return 0;
    am::ipc::FrameDecoder again;
    again.feed(am::ipc::encode(**message));
    if (const auto repeated = again.next(); !repeated || !*repeated) __builtin_trap();
  }
}
