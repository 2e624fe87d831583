// JSON as people write it: 0.1 and not 1E-1, which is how the library writes it.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace am::cli {

std::string json_text(const boost::json::value& value);

}  // namespace am::cli
