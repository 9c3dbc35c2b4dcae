# Turns the console's files into one C++ source that holds them, with their types and entity tags.
#   cmake -DFOLDER=… -DFILES=index.html,main.js -DOUT=console_files_data.cpp -P embed.cmake
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")

set(rows "")
string(REPLACE "," ";" names "${FILES}")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}" text)
  file(SHA256 "${FOLDER}/${name}" hash)
  string(SUBSTRING "${hash}" 0 16 tag)
  get_filename_component(extension "${name}" LAST_EXT)
  string(SUBSTRING "${extension}" 1 -1 extension)
  string(APPEND rows "  {\"${name}\", \"${type_${extension}}\", \"\\\"${tag}\\\"\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE "${OUT}"
     "// Made from the files of the console; change those instead.\n"
     "#include \"adapters/bridge/console/console_files.hpp\"\n\n"
     "namespace flipsync::console {\n\n"
     "namespace {\n\n"
     "constexpr file table[]{\n${rows}};\n\n"
     "} // namespace\n\n"
     "std::span<const file> files() noexcept { return table; }\n\n"
     "} // namespace flipsync::console\n")
