/*
 * workflows/task.h - doing one task: specification in, record out.
 *
 * RUN/tasks/KEY.json holds the specification, RUN/records/KEY.json afterwards the record.  Physical
 * outcomes (not converged, no minimum inside the scan, an atom that cannot be placed) are records with
 * a reason.  A task is deterministic: the same specification gives the same numbers, whatever else
 * runs and whatever was interrupted before.
 *
 * Results by kind, beside results/record.h's "energies":
 *   eos   scale (linear factor on the structure), energy_ev_per_atom, volume_ang3_per_atom,
 *         bulk_modulus_gpa, bulk_modulus_prime, rms_mev_per_atom; sheets instead of the modulus:
 *         layer_modulus_n_per_m, area_ang2; n_planned, n_used, constraint (words)
 *   slab  energy_ev, area_ang2, layers, layers_asked, vacuum_ang, top, faces_equal, polar
 *   site  energy_ev, height_ang, curvature_ev_per_ang2, site {label, name, elements, coordination,
 *         multiplicity}, li_coverage_ml (Li per atom of the top plane), n_planned, n_used
 *   hop   energy_ev (the highest on the way between two sites, ends not counted), height_ang,
 *         points [{fraction, energy_ev, height_ang}], length_ang, n_planned, n_used, constraint (words)
 *   rslab  energy_ev of the slab in the cell that keeps adatoms apart, lower half held; copies, n_steps,
 *         max_force_ev_per_ang, structures [relaxed slab]
 *   spread  sites [{label, outcome, energy_ev, height_ang}], energy_ev (the lowest), li_coverage_ml,
 *         barrier_1d_ev, barrier_2d_ev, barrier_origin
 *   solute  solution_energy_ev of one atom of `solute` in the host, against both pure and at rest; host, solute,
 *         mu_host_ev, mu_solute_ev, n_sites (of the supercell), separation_ang, max_force_ev_per_ang, n_planned,
 *         n_used, structures [solution]
 *   adhesion  work_of_adhesion_j_per_m2, spreading_j_per_m2, contact_angle_deg, gamma_film_j_per_m2 of lithium on
 *         the surface; film_face, strain_percent, area_ang2, n_atoms_substrate, n_atoms_film, gap_ang,
 *         registry_spread_ev, n_planned, n_used (registries), structures [interface]
 *   atom  energy_ev_per_atom of the atom alone, magnetic_moment (Bohr magnetons), box_ang
 *   conduction  conduction (metal, insulator), gap_ev (0: metal), direct_gap_ev, at the lattice found
 *   elastic  laue_class, ions (words), c_gpa [6][6] in standard axes, bulk_, shear_, young_modulus_gpa,
 *         poisson, pugh, c44_gpa, stable; sheets c_n_per_m [3][3], in_plane_stiffness_n_per_m; n_planned,
 *         n_used
 */
#ifndef FLOW_TASK_H
#define FLOW_TASK_H

#include <jansson.h>

#include "dft-lite/base/status.h"
#include "results/record.h"
#include "workflows/calculator.h"
#include "workflows/session.h"
#include "workflows/spec.h"

typedef struct {                    /* everything borrowed */
    const flow_calculator *calculator;
    const char *data_path;          /* NULL: the engine's default */
    void (*on_step)(const dft_scf_step *step, void *context);       /* NULL: silent */
    void (*on_energy)(const char *label, const dft_scf_result *result, void *context);
    int (*must_stop)(void *context);        /* asked between SCF steps; NULL: never */
    void *context;
} flow_task_options;

/* What a finished task leaves, apart from its energies. */
typedef struct {
    res_outcome outcome;
    char reason[320];
    json_t *results;                /* owned object */
} flow_task_result;

/* Runs the task of a key and writes its record; *outcome says what it was.  When must_stop ended it,
 * *stopped is 1, there is no record, and what is finished is in RUN/checkpoints for the next time.  Errors:
 * DFT_ENOFILE or DFT_EPARSE for a missing or altered specification or upstream record; DFT_EIO; DFT_ENOMEM. */
dft_status flow_task_run(const char *run_dir, const char *key, const flow_task_options *options,
                         res_outcome *outcome, int *stopped, dft_error *err);

/* Writes RUN/tasks/KEY.json unless it is there and whole, making RUN/tasks.  Errors: DFT_EIO. */
dft_status flow_task_write_spec(const char *run_dir, const flow_task *task, dft_error *err);

/* The work of each kind, for the table of workflows/kinds.h. */
dft_status flow_task_eos(flow_session *session, const char *run_dir, flow_task_result *out,
                         dft_error *err);
dft_status flow_task_slab(flow_session *session, const char *run_dir, flow_task_result *out,
                          dft_error *err);
dft_status flow_task_site(flow_session *session, const char *run_dir, flow_task_result *out,
                          dft_error *err);
dft_status flow_task_hop(flow_session *session, const char *run_dir, flow_task_result *out,
                         dft_error *err);

dft_status flow_task_elastic(flow_session *session, const char *run_dir, flow_task_result *out,
                             dft_error *err);

dft_status flow_task_rslab(flow_session *session, const char *run_dir, flow_task_result *out,
                           dft_error *err);
dft_status flow_task_spread(flow_session *session, const char *run_dir, flow_task_result *out,
                            dft_error *err);
dft_status flow_task_adhesion(flow_session *session, const char *run_dir, flow_task_result *out,
                              dft_error *err);
dft_status flow_task_atom(flow_session *session, const char *run_dir, flow_task_result *out,
                          dft_error *err);
dft_status flow_task_conduction(flow_session *session, const char *run_dir, flow_task_result *out,
                                dft_error *err);
dft_status flow_task_solute(flow_session *session, const char *run_dir, flow_task_result *out,
                            dft_error *err);

/* The equilibrium of the equation of state upstream: linear factor on the structure.  Errors: DFT_ENOFILE,
 * DFT_EPARSE for its record. */
dft_status flow_task_scale(const flow_spec *spec, const char *run_dir, double *scale, dft_error *err);

/* The same of the equation of state that plays another role upstream. */
dft_status flow_task_scale_of(const flow_spec *spec, const char *run_dir, const char *role, double *scale,
                              dft_error *err);

/* The structure of a slab or site task at the equilibrium of its upstream equation of state, cut.
 * The caller owns *slab.  Errors: DFT_ENOFILE, DFT_EPARSE for the upstream record; those of
 * candidates. */
dft_status flow_task_cut(const flow_spec *spec, const char *run_dir, dft_crystal **slab,
                         json_t *results, dft_error *err);

#endif
