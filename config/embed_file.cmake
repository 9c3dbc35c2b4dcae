# Turns a text file into a C++ source that holds it, so that the program needs no file beside it.
#   cmake -DIN=agents.toml -DOUT=agents_toml.cpp -DNAME=agents_toml -P embed_file.cmake
file(READ "${IN}" text)
get_filename_component(file "${IN}" NAME)
file(WRITE "${OUT}"
     "// Made from ${file}; change that file instead.\n"
     "#include \"config/embedded.hpp\"\n\n"
     "namespace flipsync::config {\n\n"
     "std::string_view ${NAME}() {\n"
     "  return R\"embedded(${text})embedded\";\n"
     "}\n\n"
     "} // namespace flipsync::config\n")
