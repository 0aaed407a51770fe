// What people say to have files and pictures made, and what runs for it. Each row is a whole turn in a new
// conversation of an owner who has a simulation, a study and a comparison.

#include "conversation.h"

namespace assistd::test {
namespace {

const std::vector<Row> rows{
    // Geometry, in each format.
    {"export it as vtp", R"(export_geometry {"format":"vtp","simulation":"simulation-4"})"},
    {"save simulation-3 as ply", R"(export_geometry {"format":"ply","simulation":"simulation-3"})"},
    {"convert it to stl", R"(export_geometry {"format":"stl","simulation":"simulation-4"})"},
    {"export simulation-3 as obj with resolution 2",
     R"(export_geometry {"format":"obj","resolution":2,"simulation":"simulation-3"})"},
    {"give me the last one as npy", R"(export_geometry {"format":"npy","simulation":"simulation-4"})"},
    {"write the particles to an hdf5 file",
     R"(export_geometry {"format":"hdf5","simulation":"simulation-4"})"},
    {"export simulation-3 for paraview", R"(export_geometry {"format":"vtp","simulation":"simulation-3"})"},
    {"save it for meshlab", R"(export_geometry {"format":"ply","simulation":"simulation-4"})"},
    {"export it for blender", R"(export_geometry {"format":"obj","simulation":"simulation-4"})"},
    {"export it for 3d printing", R"(export_geometry {"format":"stl","simulation":"simulation-4"})"},
    {"export simulation-3 as csv", R"(export_geometry {"format":"csv","simulation":"simulation-3"})"},
    {"export it as csv", R"(export_geometry {"format":"csv","simulation":"simulation-4"})"},
    // Studies.
    {"export the study as csv", R"(export_study_csv {"study":"study-2"})"},
    {"export study-1 as csv", R"(export_study_csv {"study":"study-1"})"},
    {"save study-1 to a csv file", R"(export_study_csv {"study":"study-1"})"},
    {"export the last study as a table", R"(export_study_csv {"study":"study-2"})"},
    {"download the runs of study-1", R"(export_study_csv {"study":"study-1"})"},
    {"export the results of the study", R"(export_study_csv {"study":"study-2"})"},
    {"save the parameter sweep as a spreadsheet", R"(export_study_csv {"study":"study-2"})"},
    {"give me study-1 as csv", R"(export_study_csv {"study":"study-1"})"},
    {"make a table of the runs of study-1", R"(export_study_csv {"study":"study-1"})"},
    {"tabulate the study", R"(export_study_csv {"study":"study-2"})"},
    {"convert study-1 to csv", R"(export_study_csv {"study":"study-1"})"},
    {"export the study results as csv and show the content",
     R"(export_study_csv {"inline":true,"study":"study-2"})"},
    // Comparisons.
    {"export the comparison", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"export the comparison as csv", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"export comparison-1 as csv", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"save the last comparison as tables", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"download the statistics of the comparison", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"export the correlations of comparison-1", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"give me the comparison as a spreadsheet", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"tabulate the comparison", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"make a table of the comparison", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    {"turn comparison-1 into a csv file", R"(export_comparison_csv {"comparison":"comparison-1"})"},
    // Images.
    {"render it", R"(render_3d_image {"simulation":"simulation-4"})"},
    {"render simulation-3 in 3D", R"(render_3d_image {"simulation":"simulation-3"})"},
    {"draw the last simulation in 3-D", R"(render_3d_image {"simulation":"simulation-4"})"},
    {"make a 3D image of simulation-3", R"(render_3d_image {"simulation":"simulation-3"})"},
    {"make a picture of the last cluster", R"(render_3d_image {"simulation":"simulation-4"})"},
    {"show me a picture", R"(render_3d_image {"simulation":"simulation-4"})"},
    {"show it from above", R"(render_3d_image {"simulation":"simulation-4","view":"top"})"},
    {"render the top view of simulation-3", R"(render_3d_image {"simulation":"simulation-3","view":"top"})"},
    {"render simulation-3 from the side on a black background",
     R"(render_3d_image {"background":"black","simulation":"simulation-3","view":"side"})"},
    {"color it by radius", R"(render_3d_image {"color_by":"radius","simulation":"simulation-4"})"},
    {"render it coloured by order of arrival",
     R"(render_3d_image {"color_by":"order","simulation":"simulation-4"})"},
    {"draw a 3d picture of simulation-3 colored by coordination at 2000 pixels",
     R"(render_3d_image {"color_by":"coordination","simulation":"simulation-3","size":2000})"},
    {"render it with azimuth 30 degrees and elevation 20 degrees",
     R"(render_3d_image {"azimuth":30.0,"elevation":20.0,"simulation":"simulation-4"})"},
    {"render it in orthographic projection",
     R"(render_3d_image {"projection":"orthographic","simulation":"simulation-4"})"},
    {"what does simulation-3 look like?", R"(render_3d_image {"simulation":"simulation-3"})"},
    {"render it as png with a transparent background",
     R"(render_3d_image {"background":"transparent","simulation":"simulation-4"})"},
};

void furnish(Conversation& conversation) {
    conversation.artifacts->put("simulation-3", "run_dla_simulation");
    conversation.artifacts->put("study-1", "run_dla_simulation");
    conversation.artifacts->put("study-2", "run_dla_simulation");
    conversation.artifacts->put("comparison-1", "compare_simulations");
    conversation.artifacts->put("simulation-4", "run_dla_simulation");
}

TEST(ExportSentences, RunWhatTheyAskFor) {
    check_sentences(rows, furnish);
}

// From the cluster to the files, as one talks.
TEST(ExportSentences, AConversation) {
    Conversation talk(shipped_tools());
    talk.say("grow a 2d dla cluster of 500 particles");
    EXPECT_EQ(talk.calls(), R"(run_dla_simulation {"dimensions":2,"n_particles":500})");
    talk.say("render it colored by order of arrival, then export it as vtp");
    EXPECT_EQ(talk.calls(), R"(render_3d_image {"color_by":"order","simulation":"simulation-101"} > )"
                            R"(export_geometry {"format":"vtp","simulation":"simulation-101"})");
    talk.say("grow a cluster of 300 particles");
    talk.say("compare them");
    EXPECT_EQ(talk.calls(), R"(compare_simulations {"simulations":["simulation-101","simulation-102"]})");
}

}  // namespace
}  // namespace assistd::test
