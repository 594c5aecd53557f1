"""How the models are trained, converted, scored and written. With models/ on PYTHONPATH:

    python -m training.recipe wisdm-lmu --work build/training
"""
