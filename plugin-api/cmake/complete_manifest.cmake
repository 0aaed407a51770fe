# cmake -DPROGRAM=complete_manifest -DOBJCOPY=objcopy -DLIBRARY=file.so -DMANIFEST=plugin.json -DOUTPUT=file.json
#       -DMUST=ON|OFF -P complete_manifest.cmake
# Completes the manifest in a library that was just linked: with the schemas of its typed tools and the parts of its
# phrases. Where it needs neither (MUST is OFF), a library that cannot be loaded here is left as it is. Removes the
# library on failure.
cmake_minimum_required(VERSION 3.24)
file(REMOVE ${OUTPUT})
execute_process(COMMAND ${PROGRAM} ${LIBRARY} ${MANIFEST} ${OUTPUT} RESULT_VARIABLE result ERROR_VARIABLE problem)
if(result EQUAL 0)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${MANIFEST} ${OUTPUT} RESULT_VARIABLE changed)
  if(changed)
    execute_process(COMMAND ${OBJCOPY} --update-section .assistd.manifest=${OUTPUT} ${LIBRARY}
                    RESULT_VARIABLE result ERROR_VARIABLE problem)
  endif()
elseif(NOT MUST AND NOT result EQUAL 1)
  file(COPY_FILE ${MANIFEST} ${OUTPUT})
  set(result 0)
endif()
if(NOT result EQUAL 0)
  file(REMOVE ${LIBRARY})
  string(STRIP "${problem}" problem)
  message(FATAL_ERROR "The manifest cannot be completed (${result}). ${problem}")
endif()
